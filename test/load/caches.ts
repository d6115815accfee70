import { Bus, BusModule } from '@veche/bus';
import { Cache } from '@veche/cache';
import { Config } from '@veche/config';
import { testDatabaseUrl } from '@veche/testing';
import { Test } from '@nestjs/testing';
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { Client } from 'pg';
import { MembersRepository } from '../../apps/chat/src/members/members.repository';
import { RoomsRepository } from '../../apps/chat/src/rooms/rooms.repository';
import { startReplica } from '../../apps/chat/test/replica';
import { Histogram } from './histogram';

// What caches would save, and what they would cost: node -r ./test/harness/register.cjs test/load/caches.ts
// The numbers of docs/adr/0031 are its. Needs TEST_DATABASE_URL and TEST_REDIS_URL.

const SIZES = [20, 200, 2_000];
const UNREAD = 20;
const CALLS = 300;
const PAGE = 100;
const KEPT_MS = 60_000;

/** Of somebody's rooms, each with some messages after the read mark, and with another member. */
const fill = async (client: Client, user: string, other: string, rooms: number): Promise<void> => {
  await client.query(
    `CREATE TEMP TABLE filled AS SELECT id, chat.bucket(id) AS bucket, i
       FROM (SELECT gen_random_uuid() AS id, i FROM generate_series(1, ${rooms}) i) made`,
  );
  await client.query(
    `INSERT INTO chat.rooms (bucket, id, kind, name, name_key, created_by, created_at, last_seq, last_at, member_count)
     SELECT bucket, id, 'private', 'filled ' || i, 'filled ' || i, $1, now(), ${UNREAD},
       now() - i * interval '1 minute', 2 FROM filled`,
    [other],
  );
  await client.query(
    `INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
     SELECT bucket, id, u, 'member', now() FROM filled, unnest($1::uuid[]) AS u`,
    [[user, other]],
  );
  await client.query(
    `INSERT INTO chat.room_events (bucket, room_id, seq, actor_id, type, message_id, text, client_id, at)
     SELECT bucket, id, seq, $1, 'message.created', gen_random_uuid(), 'and so on and so on', id::text || seq,
       now() - i * interval '1 minute' FROM generate_series(1, ${UNREAD}) AS seq, filled`,
    [other],
  );
  await client.query('DROP TABLE filled');
  await client.query('VACUUM ANALYZE chat.room_events, chat.rooms, chat.members');
};

/** Milliseconds, the median of many, of ways that take turns, so that what else the machine does meets all of them. */
const compare = async (ways: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> => {
  const times = new Map(Object.keys(ways).map((name) => [name, new Histogram()]));
  for (let i = 0; i < CALLS; i++)
    for (const [name, way] of Object.entries(ways)) {
      const from = performance.now();
      await way();
      if (i >= CALLS / 10) times.get(name)?.add(performance.now() - from);
    }
  for (const [name, histogram] of times)
    console.log(`${histogram.quantile(0.5).toFixed(2).padStart(9)} ms  ${name}`);
};

const main = async (): Promise<void> => {
  const redisUrl = process.env.TEST_REDIS_URL;
  if (!redisUrl) throw new Error('TEST_REDIS_URL must be set');
  const { url, drop } = await testDatabaseUrl();
  const imports = [BusModule.forRoot(new Config(), 'a secret of a measurement')];
  const module = await Test.createTestingModule({ imports }).compile();
  const replica = await startReplica(url, module.get(Bus), { redisUrl });
  const client = new Client({ connectionString: url });
  await client.connect();
  const redis = await createClient({ url: redisUrl }).connect();
  try {
    const [rooms, members, cache] = [
      replica.get(RoomsRepository),
      replica.get(MembersRepository),
      replica.get(Cache),
    ];
    for (const size of SIZES) {
      const [user, other] = [randomUUID(), randomUUID()];
      await fill(client, user, other, size);
      const page = await rooms.listOf(user, PAGE + 1);
      const [room] = page;
      if (!room) throw new Error('no room');
      const [list, profile, standing] = ['list', 'profile', 'standing'].map(
        (of) => `load:${of}:${randomUUID()}`,
      );
      const kept = <T>(key: string | undefined, load: () => Promise<T>): Promise<T> =>
        cache.read(key ?? '', KEPT_MS, load);
      console.log(`a member of ${size} rooms; the page weighs ${JSON.stringify(page).length} bytes`);
      await compare({
        'list of rooms, database': () => rooms.listOf(user, PAGE + 1),
        'list of rooms, cache': () => kept(list, () => rooms.listOf(user, PAGE + 1)),
        'room profile, database': () => rooms.find([room.id], user),
        'room profile, cache': () => kept(profile, () => rooms.find([room.id], user)),
        'access check, database': () => members.standing(room.id, user),
        'access check, cache': () => kept(standing, () => members.standing(room.id, user)),
      });
    }
    for (const size of [2, 50, 1_000]) {
      const keys = Array.from({ length: size }, () => `load:list:${randomUUID()}`);
      console.log(`a message in a room of ${size}: what was cached of its members' lists is removed`);
      await compare({ 'one removal': () => redis.del(keys) });
    }
  } finally {
    await redis.quit();
    await client.end();
    await replica.close();
    await module.close();
    await drop();
  }
};

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
