import { status } from '@grpc/grpc-js';
import type { INestMicroservice, LoggerService } from '@nestjs/common';
import type { Config } from '@veche/config';
import { DELIVERY } from '@veche/contracts';
import { eventually, freePort } from '@veche/testing';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { Grpc, type GrpcRefused } from '../harness/grpc';
import { openDoor, SERVICE_TOKEN } from './door-service';

const ROOM = '01890a5d-ac96-774b-bcce-b302099a8057';
const SERVICE = { 'x-service-token': SERVICE_TOKEN };

/** What a process logs, as objects. */
class Lines implements LoggerService {
  readonly heard: { level: string; line: object }[] = [];
  private readonly keep =
    (level: string) =>
    (line: unknown): void => {
      if (typeof line === 'object' && line !== null) this.heard.push({ level, line });
    };
  readonly log = this.keep('log');
  readonly error = this.keep('error');
  readonly warn = this.keep('warn');
  readonly debug = this.keep('debug');
  readonly verbose = this.keep('verbose');
}

let app: INestMicroservice;
let url: string;
let lines: Lines;
const clients: Grpc<typeof DELIVERY.definition>[] = [];
const open = async (settings: Partial<Config> = {}): Promise<void> => {
  url = `127.0.0.1:${await freePort()}`;
  lines = new Lines();
  app = await openDoor(url, settings, lines);
};
const client = (token?: string): Grpc<typeof DELIVERY.definition> => {
  const made = new Grpc(DELIVERY.definition, url, token);
  clients.push(made);
  return made;
};
afterEach(async () => {
  for (const made of clients.splice(0)) made.close();
  await app.close();
});

describe('half a request', () => {
  let session: ClientHttp2Session;
  beforeEach(async () => {
    await open();
    session = connectHttp2(`http://${url}`);
    session.on('error', () => undefined);
  });
  afterEach(() => session.destroy());

  /** Says how long its message is, and sends less. */
  const halfSent = (bytes: number): { refused: () => string | undefined; isOver: () => boolean } => {
    const stream = session.request({
      ':method': 'POST',
      ':path': `/${DELIVERY.package}.${DELIVERY.service}/ListMemberships`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let code: string | undefined;
    stream.on('error', () => undefined);
    stream.on('response', (headers) => (code = headers['grpc-status'] as string));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(200_000, 1);
    stream.write(head);
    stream.write(Buffer.alloc(bytes));
    return { refused: () => code, isOver: () => stream.closed };
  };

  test('holds little memory, from however many calls, and those that are refused hold nothing', async () => {
    const calls = Array.from({ length: 100 }, () => halfSent(100_000));
    const over = (): typeof calls => calls.filter((call) => call.isOver());
    // four megabytes of a network at once
    await eventually(() => over().length >= 50, { within: 8_000 });
    expect(new Set(over().map((call) => call.refused()))).toEqual(
      new Set([String(status.RESOURCE_EXHAUSTED)]),
    );
    // who sends whole requests is served as soon as somebody has left
    await eventually(() =>
      client()
        .call('listMemberships', { userIds: [] })
        .catch(() => undefined),
    );
  });

  test('is not waited for for long', async () => {
    const call = halfSent(1_000);
    await eventually(() => call.isOver());
    expect(call.refused()).toBe(String(status.RESOURCE_EXHAUSTED));
  });

  test('is not what whoever sends hundreds of whole ones at once has sent', async () => {
    const caller = client();
    const call = (): Promise<unknown> =>
      caller.call('listMemberships', { userIds: [] }, { timeoutMs: 28_000 });
    expect(await Promise.all(Array.from({ length: 500 }, call))).toHaveLength(500);
  });
});

test('connections of a network are bounded, and one that has left makes room', async () => {
  await open();
  const [host = '', port = ''] = url.split(':');
  const connection = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), host, () => resolve(socket)).on('error', reject);
      socket.on('error', () => undefined);
    });
  const sockets = await Promise.all(Array.from({ length: 510 }, connection));
  await eventually(() => sockets.filter((socket) => socket.closed).length === 10);
  const left = sockets.filter((socket) => !socket.closed);
  left.forEach((socket) => expect(socket.destroyed).toBe(false));
  for (const socket of left.slice(0, 5)) socket.destroy();
  await eventually(async () => (await client().call('listMemberships', { userIds: [] })) !== undefined);
  for (const socket of sockets) socket.destroy();
});

test('a stranger is known by the address of the connection, and by another one only where a service says so', async () => {
  await open();
  const from = async (metadata: Record<string, string>): Promise<string | undefined> =>
    (await client().call('listMemberships', { userIds: [] }, { metadata })).memberships[0]?.roomId;
  expect(await from({})).toBe('127.0.0.1');
  expect(await from({ 'x-client-ip': '192.0.2.7' })).toBe('127.0.0.1');
  expect(await from({ 'x-client-ip': '192.0.2.7', 'x-service-token': 'a guess' })).toBe('127.0.0.1');
  expect(await from({ 'x-client-ip': '192.0.2.7', ...SERVICE })).toBe('192.0.2.7');
});

describe('who calls too often', () => {
  const refusals = async (
    count: number,
    call: () => Promise<unknown>,
  ): Promise<(GrpcRefused | undefined)[]> => {
    const results = await Promise.allSettled(Array.from({ length: count }, call));
    return results.map((r) => (r.status === 'rejected' ? (r.reason as GrpcRefused) : undefined));
  };
  const RATE_LIMIT = 5;
  beforeEach(() => open({ RATE_LIMIT }));

  test('is refused by name, with the time to come again, and nobody else is', async () => {
    const [olga, boris] = [client('olga'), client('boris')];
    const refused = (await refusals(30, () => olga.call('listMemberships', { userIds: [] }))).filter(Boolean);
    expect(refused.length).toBeGreaterThanOrEqual(30 - 2 * RATE_LIMIT);
    for (const error of refused)
      expect(error).toMatchObject({ code: 'rate_limited', problem: { retryAfter: expect.any(Number) } });
    expect(await refusals(1, () => boris.call('listMemberships', { userIds: [] }))).toEqual([undefined]);
  });

  test('is refused by address where nobody knows them, with bad tokens too', async () => {
    for (const stranger of [client(), client('bad')]) {
      const codes = (
        await refusals(30, () => stranger.call('listRoomEntries', { roomId: ROOM, after: 1, limit: 9 }))
      ).map((error) => error?.code);
      expect(codes.filter((code) => code === 'rate_limited').length).toBeGreaterThanOrEqual(
        30 - 4 * RATE_LIMIT,
      );
    }
    expect(await refusals(1, () => client('boris').call('listMemberships', { userIds: [] }))).toEqual([
      undefined,
    ]);
  });

  test('is not refused where it is a service: it has counted at its own door', async () => {
    const service = client('olga');
    expect(
      (
        await refusals(30, () => service.call('listMemberships', { userIds: [] }, { metadata: SERVICE }))
      ).filter(Boolean),
    ).toEqual([]);
  });
});

test('each call leaves a line that says what was called, from where, how it ended and how long it took', async () => {
  await open();
  const call = `${DELIVERY.package}.${DELIVERY.service}`;
  await client('olga').call('listMemberships', { userIds: [] });
  await client('bad')
    .call('getChatHealth', {})
    .catch(() => undefined);
  await client()
    .call('listRoomEntries', { roomId: ROOM, after: 1, limit: 2 })
    .catch(() => undefined);
  await client('olga').call('listMemberships', { userIds: [] }, { metadata: SERVICE });
  const stream = client('olga').stream('subscribe', {
    ...{ addRooms: [], removeRooms: [], addUsers: [], removeUsers: [] },
  });
  await stream.hears(() => true);
  stream.close();
  const found = await eventually(() => {
    const access = lines.heard.filter(({ line }) => 'code' in line);
    return access.length === 5 && access;
  });
  const ms = expect.any(Number);
  expect(found).toEqual([
    { level: 'log', line: { call: `${call}/ListMemberships`, code: 'OK', ms } },
    { level: 'log', line: { call: `${call}/GetChatHealth`, code: 'PERMISSION_DENIED', ms } },
    { level: 'error', line: { call: `${call}/ListRoomEntries`, code: 'INTERNAL', ms } },
    { level: 'debug', line: { call: `${call}/ListMemberships`, code: 'OK', ms } },
    { level: 'log', line: { call: `${call}/Subscribe`, code: 'CANCELLED', ms } },
  ]);
});

test.each([true, false])('what is served is told where that is wanted: %s', async (GRPC_REFLECTION) => {
  await open({ GRPC_REFLECTION });
  const session = connectHttp2(`http://${url}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let code: string | undefined;
  stream.on('response', (headers) => (code = headers['grpc-status'] as string | undefined));
  stream.on('trailers', (headers) => (code = headers['grpc-status'] as string));
  stream.resume().end();
  await eventually(() => code !== undefined);
  expect(code).toBe(String(GRPC_REFLECTION ? status.OK : status.UNIMPLEMENTED));
  session.destroy();
});
