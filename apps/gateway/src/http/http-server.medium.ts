import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Config } from '@veche/config';
import { eventually } from '@veche/testing';
import { connect, type Server, type Socket } from 'node:net';
import { CallsUnderWay } from '../socket/calls-under-way';
import { configureGateway, gatewayAdapter } from '../gateway.app';

let asked: string[] = [];
let answer: (value: string) => void;
let answered: Promise<string>;

@Controller()
class Slow {
  @Get('api/slow')
  slow(): Promise<string> {
    asked.push('slow');
    return answered;
  }

  @Get('api/long')
  long(): string {
    asked.push('long');
    return 'x'.repeat(32 * 1024 * 1024);
  }

  @Get('health/live')
  live(): string {
    asked.push('live');
    return 'breathing';
  }
}

// the socket door is part of the server
@Module({ controllers: [Slow], providers: [CallsUnderWay] })
class SlowModule {}

let app: NestFastifyApplication;
let url: string;
let sockets: Socket[];

const start = async (maxSilenceMs?: number): Promise<void> => {
  const config = new Config();
  const module = await Test.createTestingModule({ imports: [SlowModule] }).compile();
  app = module.createNestApplication(gatewayAdapter(config, maxSilenceMs), { logger: false });
  await configureGateway(app, config);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
};

const requests = (path: string, count = 1): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(count);

const send = (text: string): Socket => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
};

const connections = (): Promise<number> =>
  new Promise((resolve) => (app.getHttpServer() as Server).getConnections((_, count) => resolve(count)));

/** undefined: it waits with the others */
const status = (path: string): Promise<number | undefined> =>
  fetch(`${url}${path}`, { signal: AbortSignal.timeout(1_000) }).then(
    (response) => response.status,
    () => undefined,
  );

beforeEach(() => {
  asked = [];
  sockets = [];
  answered = new Promise((resolve) => (answer = resolve));
});
afterEach(async () => {
  answer('done');
  for (const socket of sockets) socket.destroy();
  await app.close();
});

test('a flood is answered before it is read when too many requests wait', async () => {
  await start();
  // pipelined, and so one connection is enough
  send(requests('/api/slow', 5_500)).resume();
  await eventually(async () => (await status('/api/slow')) === 503);
  const refused = await fetch(`${url}/api/slow`);
  expect(await refused.json()).toMatchObject({ code: 'overloaded' });
  expect(await status('/health/live')).toBe(200);
  answer('done');
  await eventually(async () => (await status('/api/slow')) === 200);
});

test('a flood is forgotten when its connection breaks', async () => {
  await start();
  const flood = send(requests('/api/slow', 5_500));
  await eventually(async () => (await status('/api/slow')) === 503);
  flood.destroy();
  await eventually(async () => (await status('/api/long')) === 200);
  answer('done');
  await eventually(async () => (await status('/api/slow')) === 200);
});

test('while too much has been asked for and not read, nothing more is made', async () => {
  await start();
  const greedy: Socket[] = [];
  // 32 MiB each, of which a connection takes little by itself
  for (let i = 1; i <= 8; i++) {
    greedy.push(send(requests('/api/long')).pause());
    await eventually(() => asked.length === i);
  }
  await eventually(async () => (await status('/api/long')) === 503);
  expect(await status('/health/live')).toBe(200);
  expect(asked.filter((what) => what === 'long').length).toBeLessThanOrEqual(9);
  greedy.forEach((socket) => socket.resume());
  answer('done');
  await eventually(async () => (await status('/api/slow')) === 200);
});

test('a connection that takes nothing of its answer is closed, and one that is between two requests is not', async () => {
  await start(500);
  const polite = send(requests('/health/live'));
  let heard = '';
  polite.on('data', (data) => (heard += data.toString()));
  await eventually(() => heard.includes('breathing'));
  send(requests('/api/long', 4)).pause();
  await eventually(() => asked.includes('long'));
  expect(await connections()).toBe(2);
  await eventually(async () => (await connections()) === 1);
  polite.write(requests('/health/live'));
  await eventually(() => heard.split('breathing').length === 3);
});

test('a server that stops does not wait for a connection that has asked for nothing', async () => {
  await start();
  send('');
  await eventually(async () => (await connections()) === 1);
  await app.close();
  expect((app.getHttpServer() as Server).listening).toBe(false);
}, 30_000);
