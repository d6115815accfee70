import { Test } from '@nestjs/testing';
import { loadConfig } from '@veche/config';
import { DELIVERY } from '@veche/contracts';
import { type Client, remote, SERVICE_TOKEN as CREDENTIAL } from '@veche/rpc';
import { freePort } from '@veche/testing';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNSET } from '../harness/veche';
import { serveAt, SERVICE_TOKEN } from './endless-service';

/** What a process that is configured with this address hears from the service there. */
const ask = async (address: string): Promise<unknown> => {
  const before = { ...process.env };
  Object.assign(process.env, UNSET, { CHAT_GRPC_URL: address });
  const config = loadConfig();
  process.env = before;
  const module = await Test.createTestingModule({
    providers: [{ provide: CREDENTIAL, useValue: SERVICE_TOKEN }, remote(DELIVERY, config.CHAT_GRPC_URL)],
  }).compile();
  const app = await module.init();
  try {
    return await app
      .get<Client<typeof DELIVERY.definition>>(DELIVERY.token)
      .listMemberships({ userIds: [] }, { requestId: 'q', deadline: Date.now() + 5_000 });
  } finally {
    await app.close();
  }
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'veche-addresses-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, (port: number) => string, (port: number) => string]>([
  ['an IPv4 address', (port) => `127.0.0.1:${port}`, (port) => `127.0.0.1:${port}`],
  ['an IPv6 address', (port) => `[::1]:${port}`, (port) => `[::1]:${port}`],
  ['an IPv4 address of one that listens everywhere', (port) => `[::]:${port}`, (port) => `127.0.0.1:${port}`],
  [
    'an IPv4 address in the manner of IPv6',
    (port) => `127.0.0.1:${port}`,
    (port) => `[::ffff:127.0.0.1]:${port}`,
  ],
  ['a name', (port) => `localhost:${port}`, (port) => `localhost:${port}`],
  ['a name with its scheme', (port) => `127.0.0.1:${port}`, (port) => `dns:///localhost:${port}`],
  [
    'several IPv6 addresses, of which one is gone',
    (port) => `[::1]:${port}`,
    (port) => `[::1]:1,[::1]:${port}`,
  ],
  ['a socket in the file system', () => `unix:${folder}/s`, () => `unix:${folder}/s`],
  ['a socket in the file system as a URL', () => `unix:${folder}/u`, () => `unix://${folder}/u`],
])('a service is found at %s', async (_name, listensAt, isAt) => {
  const port = await freePort();
  const app = await serveAt(listensAt(port));
  try {
    expect(await ask(isAt(port))).toEqual({ memberships: [] });
  } finally {
    await app.close();
  }
});

test('the socket that a killed process left behind is taken over, one in use and a file are not', async () => {
  const path = join(folder, 'left');
  const listenAndDie = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', listenAndDie]);
  expect(existsSync(path)).toBe(true);
  const app = await serveAt(`unix:${path}`);
  await expect(serveAt(`unix:${path}`)).rejects.toThrow('cannot listen');
  expect(await ask(`unix:${path}`)).toEqual({ memberships: [] });
  await app.close();

  writeFileSync(path, 'precious');
  await expect(serveAt(`unix:${path}`)).rejects.toThrow('cannot listen');
  expect(existsSync(path)).toBe(true);
});
