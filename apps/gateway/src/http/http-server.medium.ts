import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Config } from '@veche/config';
import { eventually } from '@veche/testing';
import { connect } from 'node:net';
import { CallsUnderWay } from '../socket/calls-under-way';
import { configureGateway, gatewayAdapter } from '../gateway.app';

let waiting = 0;
let answer: (value: string) => void;
const answered = new Promise<string>((resolve) => (answer = resolve));

@Controller()
class Slow {
  @Get('api/slow')
  slow(): Promise<string> {
    waiting++;
    return answered;
  }

  @Get('health/live')
  live(): string {
    return 'alive';
  }
}

// the socket door is part of the server
@Module({ controllers: [Slow], providers: [CallsUnderWay] })
class SlowModule {}

test('a flood is answered before it is read when too many requests wait', async () => {
  const config = new Config();
  const module = await Test.createTestingModule({ imports: [SlowModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(gatewayAdapter(config), {
    logger: false,
  });
  await configureGateway(app, config);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  // pipelined, and so one connection is enough
  const flood = 'GET /api/slow HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(5_000);
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(flood));
  try {
    await eventually(() => waiting === 5_000, { within: 20_000 });
    const refused = await fetch(`${url}/api/slow`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'overloaded' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    answer('done');
    await eventually(async () => (await fetch(`${url}/api/slow`)).status === 200);
  } finally {
    socket.destroy();
    await app.close();
  }
}, 40_000);
