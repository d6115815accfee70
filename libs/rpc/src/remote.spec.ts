import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Test } from '@nestjs/testing';
import { ROOMS } from '@veche/contracts';
import type { Client } from './client';
import { SERVICE_TOKEN } from './pipeline';
import { remote } from './remote';

/** A service that is out of reach for the first calls of each method. */
const open = async (failures: number) => {
  const calls: string[] = [];
  const answers = Object.keys(ROOMS.definition).map((method) => [
    method,
    (_call: unknown, answer: (error: unknown, value?: object) => void) => {
      calls.push(method);
      if (calls.filter((c) => c === method).length > failures) answer(null, {});
      else answer({ code: status.UNAVAILABLE, metadata: new Metadata() });
    },
  ]);
  const server = new Server();
  server.addService(ROOMS.definition, Object.fromEntries(answers) as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const module = await Test.createTestingModule({
    providers: [{ provide: SERVICE_TOKEN, useValue: 'credential' }, remote(ROOMS, `127.0.0.1:${port}`)],
  }).compile();
  const app = await module.init();
  return {
    calls,
    rooms: app.get<Client<typeof ROOMS.definition>>(ROOMS.token),
    close: async () => {
      await app.close();
      server.forceShutdown();
    },
  };
};

test('a question is asked again where the replica that had it is gone; what changes something is not', async () => {
  const { calls, rooms, close } = await open(2);
  await expect(rooms.getRoom({ roomId: 'r' }, { requestId: 'q' })).resolves.toMatchObject({});
  expect(calls).toEqual(['getRoom', 'getRoom', 'getRoom']);
  const leaving = rooms.deleteRoom({ roomId: 'r' }, { requestId: 'q' });
  await expect(leaving).rejects.toMatchObject({ code: 'unavailable' });
  expect(calls.slice(3)).toEqual(['deleteRoom']);
  await close();
});

test('nor is anything asked for ever', async () => {
  const { calls, rooms, close } = await open(10);
  await expect(rooms.getRoom({ roomId: 'r' }, { requestId: 'q' })).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(calls).toHaveLength(3);
  await close();
});
