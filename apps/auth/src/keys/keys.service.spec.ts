import { Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Config } from '@veche/config';
import { keyIdOf } from '@veche/tokens';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../clock';
import { SKEW_MS } from './key.rules';
import { changeKeyFile } from './key-file';
import { KeysService, openKeys } from './keys.service';
import { formatKeys, makeKey, type SigningKey } from './signing-key';

const SECOND = 1_000;

describe('keys that are rotated while servers run', () => {
  let folder: string;
  let config: Config;
  let time: Date;
  const replicas: KeysService[] = [];
  const clock: Clock = { now: () => time };
  const complaints: unknown[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'veche-keys-'));
    config = Object.assign(new Config(), { JWT_PRIVATE_KEY_FILE: join(folder, 'keys.pem') });
    time = new Date();
    complaints.length = 0;
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'error').mockImplementation((message) => complaints.push(message));
  });
  afterEach(() => {
    for (const replica of replicas.splice(0)) replica.onModuleDestroy();
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const put = (...keys: SigningKey[]): void =>
    writeFileSync(join(folder, 'keys.pem'), formatKeys(keys), { mode: 0o640 });
  const start = async (): Promise<KeysService> => {
    const service = new KeysService(await openKeys(config), new JwtService({}), config, clock);
    replicas.push(service);
    return service;
  };
  const tokenOf = (service: KeysService): string =>
    service.sign({
      sub: 'user-1',
      sid: 's1',
      aud: 'veche',
      ans: 0,
      exp: time.getTime() / SECOND + config.ACCESS_TOKEN_TTL,
    });
  const published = (service: KeysService): string[] =>
    (JSON.parse(service.published()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const after = (ms: number): Date => new Date(time.getTime() + ms);

  it('publishes a new one before it signs, and takes tokens of the old one until they have expired', async () => {
    const old = makeKey(0);
    put(old);
    const service = await start();
    const token = tokenOf(service);
    expect(keyIdOf(token)).toBe(old.kid);

    const next = makeKey(time.getTime() + 60 * SECOND);
    put(next, old);
    await service.look();
    expect(published(service)).toEqual([next.kid, old.kid]);
    expect(keyIdOf(tokenOf(service))).toBe(old.kid);

    time = after(60 * SECOND);
    const last = token;
    expect(keyIdOf(tokenOf(service))).toBe(next.kid);
    expect((await service.read(last)).sub).toBe('user-1');
    expect((await service.read(tokenOf(service))).sub).toBe('user-1');

    time = after(config.ACCESS_TOKEN_TTL * SECOND + SKEW_MS);
    expect(published(service)).toEqual([next.kid]);
    await expect(service.read(last)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('reads a token of a key that another replica has seen first', async () => {
    const old = makeKey(0);
    put(old);
    const [first, second] = [await start(), await start()];
    put(makeKey(time.getTime()));
    await first.look();
    expect((await second.read(tokenOf(first))).sid).toBe('s1');
    await expect(second.read('nonsense')).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('knows what was made with the secrets of the old one', async () => {
    const old = makeKey(0);
    put(old);
    const service = await start();
    const [before] = service.secretsFor('a test');
    put(makeKey(time.getTime()), old);
    await service.look();
    const [now, ...known] = service.secretsFor('a test');
    expect(now).not.toEqual(before);
    expect(known).toEqual([before]);
  });

  it('goes on with what it had where the file cannot be used, and says so once', async () => {
    put(makeKey(0));
    const service = await start();
    const token = tokenOf(service);
    writeFileSync(join(folder, 'keys.pem'), 'half a k');
    await service.look();
    await service.look();
    expect((await service.read(token)).sub).toBe('user-1');
    expect(complaints).toEqual([expect.stringMatching(/going on .* is no private key in PEM$/)]);
    const mended = makeKey(time.getTime());
    put(mended);
    await service.look();
    expect(published(service)).toEqual([mended.kid]);
  });

  it('are changed by one at a time, and the file keeps its rights', async () => {
    const path = join(folder, 'keys.pem');
    put(makeKey(0));
    const next = makeKey(time.getTime());
    await changeKeyFile(path, (keys) => [next, ...keys]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(published(await start())).toHaveLength(2);
    writeFileSync(`${path}.new`, '');
    await expect(changeKeyFile(path, (keys) => keys)).rejects.toThrow('somebody else is changing the keys');
    rmSync(`${path}.new`);
    const failing = changeKeyFile(path, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(`${path}.new`)).toBe(false);
  });
});
