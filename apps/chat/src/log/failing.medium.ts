import { Test } from '@nestjs/testing';
import { Bus, BusModule } from '@veche/bus';
import { Config } from '@veche/config';
import type { Entry } from '@veche/contracts';
import { AppError } from '@veche/errors';
import {
  describeWithRedis,
  eventually,
  openTestDatabase,
  startRedis,
  type TestDatabase,
} from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { hearing } from '../../test/hearing';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { createRoom } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';
import { shardOf } from './bucket.rules';
import { entriesIn, entriesOf } from './bus.wire';
import { SendingService } from './sending.service';

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const people = new People();
const anna = people.add('anna');

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase(CHAT_DATABASE);
});
afterAll(() => opened.close());

const withReplica = async (work: (replica: Replica) => Promise<void>): Promise<void> => {
  const replica = await startReplica(opened.url, new BreakableBus(), { people });
  try {
    await work(replica);
  } finally {
    await replica.close();
  }
};
const messagesIn = async (roomId: string): Promise<string[]> => {
  const rows = await opened.database.query<{ seq: string; text: string | null }>(
    'SELECT seq, text FROM chat.room_events WHERE room_id = $1 ORDER BY seq',
    [roomId],
  );
  expect(rows.map((r) => Number(r.seq))).toEqual(numbers(1, rows.length));
  return rows.flatMap((r) => r.text ?? []);
};

test('a message that the database will not take fails alone', () =>
  withReplica(async (replica) => {
    const roomId = await createRoom(replica, 'private', [anna]);
    const send = (text: string) =>
      replica
        .get(SendingService)
        .send({ roomId, authorId: anna, clientId: uuid(), text }, Date.now() + 10_000);
    const results = await Promise.allSettled(['first', 'a', 'nul \0', 'b', 'c'].map(send));
    expect(results.map((r) => r.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await messagesIn(roomId)).toEqual(['first', 'a', 'b', 'c']);
  }));

// the embedded server has one session: nobody holds anything while others write
(process.env.TEST_DATABASE_URL ? test : test.skip)(
  'a room that somebody holds keeps nobody from the others, and has all of its own in order when it is free',
  () =>
    withReplica(async (replica) => {
      const stuck = await createRoom(replica, 'private', [anna]);
      const others: string[] = [];
      for (let i = 0; i < 20; i++) others.push(await createRoom(replica, 'private', [anna]));
      const send = (roomId: string, text: string) =>
        replica
          .get(SendingService)
          .send({ roomId, authorId: anna, clientId: uuid(), text }, Date.now() + 20_000);
      let free: () => void = () => undefined;
      let taken: () => void = () => undefined;
      const holding = new Promise<void>((resolve) => (taken = resolve));
      const held = opened.database.transaction(async (tx) => {
        await tx.query('SELECT FROM chat.rooms WHERE bucket = chat.bucket($1) AND id = $1 FOR UPDATE', [
          stuck,
        ]);
        taken();
        await new Promise<void>((resolve) => (free = resolve));
      });
      await holding;
      const waiting: Promise<{ entry: Entry }>[] = [];
      const done: string[] = [];
      for (let round = 1; round <= 20; round++) {
        waiting.push(send(stuck, `${round}`));
        // each of these waits for all of the others before it
        await Promise.all(others.map((roomId) => send(roomId, `${round}`).then(() => done.push(roomId))));
      }
      expect(done).toHaveLength(400);
      expect(await messagesIn(stuck)).toEqual([]);
      for (const roomId of others) expect(await messagesIn(roomId)).toHaveLength(20);
      free();
      await held;
      const answers = await Promise.all(waiting);
      expect(answers.map(({ entry }) => entry.seq)).toEqual(numbers(2, 21));
      expect(await messagesIn(stuck)).toEqual(numbers(1, 20).map(String));
    }),
  60_000,
);

test('a whole batch in which one is refused by the database is written but for that one, in order', () =>
  withReplica(async (replica) => {
    const roomId = await createRoom(replica, 'private', [anna]);
    const send = (text: string) =>
      replica
        .get(SendingService)
        .send({ roomId, authorId: anna, clientId: uuid(), text }, Date.now() + 20_000);
    const texts = numbers(1, 300).map((i) => (i % 97 === 0 ? `nul \0 ${i}` : `${i}`));
    const results = await Promise.allSettled(texts.map(send));
    const good = texts.filter((text) => !text.includes('\0'));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(good.length);
    expect(await messagesIn(roomId)).toEqual(good);
  }));

// the embedded server has nobody to terminate
(process.env.TEST_DATABASE_URL ? test : test.skip)(
  'connections that break in the middle of commits cost neither a message, nor a double, nor an error',
  () =>
    withReplica(async (replica) => {
      const roomId = await createRoom(replica, 'private', [anna]);
      let [acknowledged, broken] = [0, 0];
      const send = async (text: string): Promise<Entry | undefined> => {
        const message = { roomId, text, clientId: uuid() };
        const { entry } = await replica.messages.sendMessage(message, by('anna'));
        acknowledged++;
        return entry;
      };
      const texts = numbers(1, 20).map((i) => numbers(1, 30).map((j) => `${i}/${j}`));
      const sending = Promise.all(
        texts.map(async (own) => {
          const entries = [];
          for (const text of own) entries.push(await send(text));
          return entries;
        }),
      );
      while (acknowledged < 500) {
        const until = acknowledged + 10;
        const terminated = await opened.database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
        );
        broken += terminated.length;
        await eventually(() => acknowledged >= until);
      }
      const answers = (await sending).flat();
      expect(broken).toBeGreaterThan(0);
      expect((await messagesIn(roomId)).sort()).toEqual(texts.flat().sort());
      expect(answers.map((e) => e?.seq).sort((a = 0, b = 0) => a - b)).toEqual(numbers(2, 601));
    }),
  60_000,
);

test('a replica that stops answers what it has taken, and keeps what it has acknowledged', async () => {
  const replica = await startReplica(opened.url, new BreakableBus(), { people });
  const roomId = await createRoom(replica, 'private', [anna]);
  const sending = numbers(1, 300).map((i) =>
    replica.messages.sendMessage({ roomId, text: `${i}`, clientId: uuid() }, by('anna')),
  );
  await sending[0];
  await replica.close();
  const late = replica.messages.sendMessage({ roomId, text: 'late', clientId: uuid() }, by('anna'));
  await expect(late).rejects.toEqual(new AppError('unavailable'));
  const acknowledged = (await Promise.allSettled(sending)).flatMap((r) =>
    r.status === 'fulfilled' && r.value.entry?.body?.$case === 'messageCreated'
      ? [r.value.entry.body.value.text]
      : [],
  );
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(await messagesIn(roomId)).toEqual(acknowledged);
});

test('whoever follows the bus is told of everything, however much there is once it is back', async () => {
  const bus = new BreakableBus(true);
  const replica = await startReplica(opened.url, bus, { people });
  try {
    const roomId = await createRoom(replica, 'private', [anna]);
    const followed = new Set<number>();
    bus.subscribe(entriesIn(shardOf(roomId)), (messages) => {
      for (const { seq } of entriesOf(messages)) followed.add(seq);
    });
    bus.break();
    const send = { roomId, authorId: anna, clientId: uuid(), text: 'first' };
    await replica.get(SendingService).send(send, Date.now() + 10_000);
    // more than is told at once, some of it in one moment
    await opened.database.query(
      `INSERT INTO chat.room_events (bucket, room_id, seq, actor_id, type, message_id, text, client_id, at)
       SELECT chat.bucket($1), $1, seq, $2, 'message.created', gen_random_uuid(), 'one of many', gen_random_uuid(),
         clock_timestamp() + (seq / 13000) * interval '1 millisecond'
       FROM generate_series(3, 27000) AS seq`,
      [roomId, anna],
    );
    await opened.database.query('UPDATE chat.rooms SET last_seq = 27000 WHERE id = $1', [roomId]);
    expect(followed.size).toBe(0);
    bus.mend();
    await eventually(() => followed.size >= 26_999);
    expect(Math.max(...followed)).toBe(27_000);
  } finally {
    await replica.close();
  }
});

describeWithRedis('with Redis between two replicas', () => {
  test('sending goes on while it is away, and what was sent arrives when it is back', async () => {
    const redis = await startRedis();
    const buses = await Promise.all(
      [0, 1].map(() =>
        Test.createTestingModule({
          imports: [BusModule.forRoot({ ...new Config(), REDIS_URL: redis.url }, 'a secret of this test')],
        }).compile(),
      ),
    );
    // Redis is not there yet, when the replicas start
    await redis.stop();
    const replicas = await Promise.all(buses.map((b) => startReplica(opened.url, b.get(Bus), { people })));
    const [here, there] = replicas as [Replica, Replica];
    const heard = replicas.map((replica) => {
      const texts: string[] = [];
      let resyncs = 0;
      const hears = hearing(replica, ({ body }) => {
        if (body?.$case === 'resync') resyncs++;
        if (body?.$case === 'entries')
          for (const { body: b } of body.value.entries)
            if (b?.$case === 'messageCreated') texts.push(b.value.text);
      });
      return { texts, resyncs: () => resyncs, rooms: hears.rooms };
    });
    try {
      const roomId = await createRoom(here, 'private', [anna]);
      await Promise.all(heard.map(({ rooms }) => rooms(roomId)));
      const send = (text: string, replica = here) =>
        replica.messages.sendMessage({ roomId, text, clientId: uuid() }, by('anna'));
      const heardBy = (i: 0 | 1, text: string) => () => heard[i]?.texts.includes(text);
      for (const round of [1, 2]) {
        await send(`away ${round}`);
        expect(heard[0]?.texts).toContain(`away ${round}`);
        await redis.start();
        await eventually(heardBy(1, `away ${round}`));
        const resyncs = heard[0]?.resyncs() ?? 0;
        await send(`back ${round}`, there);
        // told, or told to look: whose subscription came back a moment later missed it
        const looks = () => (heard[0]?.resyncs() ?? 0) > resyncs;
        await eventually(() => [heardBy(0, `back ${round}`), looks].some((hears) => hears()));
        await redis.stop();
      }
    } finally {
      await Promise.all(replicas.map((r) => r.close()));
      await Promise.all(buses.map((b) => b.close()));
      await redis.close();
    }
  });
});
