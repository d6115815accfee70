import { Config } from '@veche/config';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatKeys, makeKey, parseKeys } from '../../../auth/src/keys/signing-key';
import { listKeys, rotateKeys } from './keys';

const HOUR = 3_600_000;

describe('rotating the keys', () => {
  let folder: string;
  let path: string;
  let config: Config;
  let said: string[];
  const say = (line: string): void => void said.push(line);
  const found = () => parseKeys(readFileSync(path, 'utf8'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veche-keys-'));
    path = join(folder, 'keys.pem');
    config = Object.assign(new Config(), { JWT_PRIVATE_KEY_FILE: path });
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('adds one of the same kind that takes over in ten minutes, and says what each does', async () => {
    const old = makeKey(0);
    writeFileSync(path, formatKeys([old]), { mode: 0o600 });
    const before = Date.now();
    await rotateKeys(config, {}, say);
    const [next, ...others] = found();
    expect(others).toEqual([old]);
    expect(next?.algorithm).toBe(old.algorithm);
    expect(next?.signsFrom).toBeGreaterThanOrEqual(before + 600_000);
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`^${next?.kid}  ES256  published, signs from 20`)),
      expect.stringMatching(new RegExp(`^${old.kid}  ES256  signs, its tokens are accepted until 20`)),
      `Every process that reads ${path} has it within seconds.`,
    ]);
    await expect(rotateKeys(config, {}, say)).rejects.toThrow('takes over at');
    expect(found()).toHaveLength(2);
  });

  test('takes away those whose last tokens have expired', async () => {
    const [gone, last, current] = [makeKey(0), makeKey(Date.now() - HOUR), makeKey(Date.now() - 60_000)];
    writeFileSync(path, formatKeys([current, last, gone]), { mode: 0o600 });
    await listKeys(config, say);
    expect(said.map((line) => line.split('  ')[2]?.split(' ').slice(0, 3).join(' '))).toEqual([
      'signs',
      'signs no more,',
      'not used any',
    ]);
    await rotateKeys(config, { in: 15 }, say);
    expect(found().slice(1)).toEqual([current, last]);
  });

  test('leaves none but a new one where an old one is in wrong hands', async () => {
    const waiting = makeKey(Date.now() + HOUR);
    writeFileSync(path, formatKeys([waiting, makeKey(0)]), { mode: 0o600 });
    await rotateKeys(config, { dropOld: true }, say);
    const [next, ...others] = found();
    expect(others).toEqual([]);
    expect(next?.kid).not.toBe(waiting.kid);
    expect(next?.signsFrom).toBeLessThanOrEqual(Date.now());
  });

  test('writes a new file for whoever hands them out, and leaves the one that is read alone', async () => {
    const old = makeKey(0);
    writeFileSync(path, formatKeys([old]), { mode: 0o600 });
    const to = join(folder, 'new.pem');
    await rotateKeys(config, { to }, say);
    expect(found()).toEqual([old]);
    expect(parseKeys(readFileSync(to, 'utf8'))).toHaveLength(2);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    await expect(rotateKeys(config, { to }, say)).rejects.toThrow('EEXIST');
  });

  test('is nothing for a secret that every process is given, and says what is', async () => {
    const secret = Object.assign(new Config(), { JWT_SECRET: 's'.repeat(32) });
    await expect(listKeys(secret, say)).rejects.toThrow('change it everywhere and restart');
    await expect(rotateKeys(secret, {}, say)).rejects.toThrow('nobody is logged out');
  });
});
