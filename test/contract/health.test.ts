import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { NestFactory } from '@nestjs/core';
import { DELIVERY } from '@veche/contracts';
import { grpcServer } from '@veche/rpc';
import { eventually, freePort } from '@veche/testing';
import { service } from 'grpc-health-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EndlessModule } from './endless-service';

const HEALTHY = join(__dirname, '../../deploy/healthy.mjs');

test('a service tells whether it is able to work, to whoever asks and to the check of its container', async () => {
  const url = `127.0.0.1:${await freePort()}`;
  const server = grpcServer(url, [DELIVERY]);
  const app = await NestFactory.createMicroservice(EndlessModule, { ...server, logger: false });
  await app.listen();
  const Health = makeGenericClientConstructor(service, 'Health');
  const client = new Health(url, credentials.createInsecure());
  const status = (of = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const answered = (error: Error | null, value: { status: string }): void =>
        error ? reject(error) : resolve(value.status);
      (client as unknown as Record<string, (...args: unknown[]) => void>).check?.(
        { service: of },
        { deadline: Date.now() + 5_000 },
        answered,
      );
    });
  const exitCode = async (): Promise<unknown> =>
    (await once(spawn(process.execPath, [HEALTHY, 'grpc', url]), 'exit'))[0];
  try {
    let able = true;
    server.strategy.tell(async () => able);
    await eventually(async () => (await status()) === 'SERVING');
    expect(await exitCode()).toBe(0);
    able = false;
    await eventually(async () => (await status()) === 'NOT_SERVING');
    expect(await status('veche.chat.v1.DeliveryService')).toBe('NOT_SERVING');
    expect(await exitCode()).toBe(1);
    able = true;
    await eventually(async () => (await status()) === 'SERVING');
  } finally {
    client.close();
    await app.close();
  }
  // nobody is there
  expect(await exitCode()).toBe(1);
});
