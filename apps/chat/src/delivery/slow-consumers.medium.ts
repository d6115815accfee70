import {
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
} from '@grpc/grpc-js';
import {
  type ConnectResponse,
  type Definition,
  DELIVERY,
  type Entry,
  MESSAGES,
  type SubscribeResponse,
} from '@veche/contracts';
import { eventually, freePort, openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, SERVICE_TOKEN, startReplica } from '../../test/replica';
import { createRoom } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';
import { ReadingService } from '../log/reading.service';

const text = 'x'.repeat(4000);
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const SERVING_NOTHING = { addRooms: [], removeRooms: [], addUsers: [], removeUsers: [] };

describe('a consumer that does not read', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let url: string;
  const people = new People();
  const anna = people.add('anna');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    url = `127.0.0.1:${await freePort()}`;
    replica = await startReplica(opened.url, new BreakableBus(), { people, grpcUrl: url });
  });
  afterAll(async () => {
    await replica.close();
    await opened.close();
  });

  /** A stream over the network whose reader takes one message and then nothing until told to. */
  const open = <T>(definition: Definition, method: string, request: object) => {
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer anna');
    metadata.set('x-service-token', SERVICE_TOKEN);
    const client = new (makeGenericClientConstructor(definition, ''))(url, credentials.createInsecure());
    const call = client[method] as unknown as (...args: object[]) => ClientReadableStream<T>;
    const asks = definition[method]?.requestStream;
    const stream = asks ? call.call(client, metadata) : call.call(client, request, metadata);
    if (asks) (stream as ClientDuplexStream<object, T>).write(request);
    stream.on('error', () => undefined); // that it is cancelled
    const received: T[] = [];
    // grpc-js lets the network flow until somebody has begun to read
    stream.once('data', (message: T) => received.push(message)).once('data', () => stream.pause());
    const close = (): void => {
      stream.cancel();
      client.close();
    };
    const read = () => stream.on('data', (message: T) => received.push(message)).resume();
    return { received, read, close };
  };
  const sendMany = async (roomId: string, count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 50)
      await Promise.all(
        numbers(1, 50).map(() =>
          replica.messages.sendMessage({ roomId, text, clientId: uuid() }, by('anna')),
        ),
      );
  };

  test('of a room gets all of it when it reads, and until then the log is not read for it', async () => {
    const roomId = await createRoom(replica, 'private', [anna]);
    await sendMany(roomId, 1_000);
    const reads = jest.spyOn(replica.get(ReadingService), 'forService');
    const stream = open<ConnectResponse>(MESSAGES.definition, 'connect', { roomId, after: 0 });
    await eventually(() => stream.received.length > 0);
    await sendMany(roomId, 1_000);
    expect(reads.mock.calls.length).toBeLessThan(3);
    stream.read();
    await eventually(() => stream.received.length >= 2_001);
    expect(stream.received.map((r) => r.entry?.seq)).toEqual(numbers(1, 2_001));
    stream.close();
  });

  test('of everything is told to resync for what it was spared', async () => {
    const roomId = await createRoom(replica, 'private', [anna]);
    const stream = open<SubscribeResponse>(DELIVERY.definition, 'subscribe', {
      ...SERVING_NOTHING,
      addRooms: [roomId],
    });
    await eventually(() => stream.received.length > 0);
    for (let i = 0; i < 60; i++) await sendMany(roomId, 50);
    stream.read();
    const resyncs = () => stream.received.filter((r) => r.body?.$case === 'resync').length;
    await eventually(() => resyncs() === 1);
    const entries = (): Entry[] =>
      stream.received.flatMap(({ body }) => (body?.$case === 'entries' ? body.value.entries : []));
    expect(entries().length).toBeLessThan(3_000);
    const last = await replica.messages.sendMessage({ roomId, text, clientId: uuid() }, by('anna'));
    await eventually(() => entries().at(-1)?.seq === last.entry?.seq);
    stream.close();
  });
});
