import { Logger } from '@nestjs/common';
import { Config } from '@veche/config';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFileOf, openKeyFile } from './key-file';
import { openKeys } from './keys.service';
import { formatKeys, parseKeys, type SigningKey, thumbprint } from './signing-key';

const configured = (settings: Partial<Config>): Config => Object.assign(new Config(), settings);

const open = (config: Config): Promise<readonly SigningKey[]> => openKeyFile(config, keyFileOf(config) ?? '');

describe('the signing key', () => {
  let folder: string;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'veche-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (content: string | Buffer): string => {
    const path = join(folder, `${randomUUID()}.pem`);
    writeFileSync(path, content);
    return path;
  };
  const pair = (...[type, options]: ['rsa', { modulusLength: number }] | ['ec', { namedCurve: string }]) =>
    file(
      (type === 'rsa'
        ? generateKeyPairSync(type, options)
        : generateKeyPairSync(type, options)
      ).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }),
    );

  it('is made once when several processes start at the same moment, and only its owner can read it', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => open(configured({ DATA_DIR: folder }))));
    expect(new Set(opened.map((keys) => formatKeys(keys))).size).toBe(1);
    expect(opened[0]?.[0]?.algorithm).toBe('ES256');
    expect(readdirSync(join(folder, 'secrets'))).toEqual(['private.pem']);
    expect(statSync(join(folder, 'secrets', 'private.pem')).mode & 0o777).toBe(0o600);
  });

  it('is the same after a restart', async () => {
    const first = await open(configured({ DATA_DIR: folder }));
    expect(await open(configured({ DATA_DIR: folder }))).toEqual(first);
  });

  it('decides the algorithm, and publishes no private part', async () => {
    for (const [path, algorithm] of [
      [pair('rsa', { modulusLength: 2048 }), 'RS256'],
      [pair('ec', { namedCurve: 'P-256' }), 'ES256'],
    ] as const) {
      const [key, ...others] = await open(
        configured({ JWT_PRIVATE_KEY_FILE: path, JWT_SECRET: 's'.repeat(32) }),
      );
      expect(key?.algorithm).toBe(algorithm);
      expect(others).toEqual([]);
      expect(key?.jwk).toMatchObject({ kid: key?.kid, alg: algorithm, use: 'sig' });
      expect(key?.jwk).not.toHaveProperty('d');
    }
  });

  it('is one of several in a file, each once, as they were written', async () => {
    const [own, other] = [pair('ec', { namedCurve: 'P-256' }), pair('rsa', { modulusLength: 2048 })].map(
      (path) => readFileSync(path, 'utf8'),
    );
    const keys = parseKeys(
      `# ours\nSigns-From: 2026-11-27T12:00:00Z\n${own}\r\n\n# and before\n${other}${own}`,
    );
    expect(keys.map(({ algorithm, signsFrom }) => [algorithm, signsFrom])).toEqual([
      ['ES256', Date.UTC(2026, 10, 27, 12)],
      ['RS256', 0],
    ]);
    expect(parseKeys(formatKeys(keys))).toEqual(keys);
  });

  it('is the secret only where no key file is set', async () => {
    const secret = 's'.repeat(32);
    expect(await openKeys(configured({ DATA_DIR: folder, JWT_SECRET: secret }))).toEqual({ secret });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a file that is missing', () => join(folder, 'missing.pem')],
    ['a file that is no key', () => file('hunter2 is not a key')],
    ['a key that is too short', () => pair('rsa', { modulusLength: 1024 })],
    ['a curve that no algorithm of ours uses', () => pair('ec', { namedCurve: 'P-384' })],
    [
      'a key that takes over at no time',
      () => file(`Signs-From: hunter2\n${readFileSync(pair('ec', { namedCurve: 'P-256' }), 'utf8')}`),
    ],
  ])('stops the start with the name of the variable for %s', async (_what, make) => {
    const path = make();
    const error = await open(configured({ JWT_PRIVATE_KEY_FILE: path })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/^JWT_PRIVATE_KEY_FILE: /);
    expect((error as Error).message).not.toContain('hunter2');
  });
});

test('a key id is the thumbprint of RFC 7638, 3.1', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  expect(thumbprint({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' })).toBe(
    'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  );
});
