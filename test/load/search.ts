import { SearchOrder } from '@veche/contracts';
import { openDatabase } from '@veche/database';
import { testDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { CHAT_DATABASE } from '../../apps/chat/src/chat.database';
import { IndexingRepository } from '../../apps/chat/src/search/indexing.repository';
import { IndexingService } from '../../apps/chat/src/search/indexing.service';
import { BreakableBus } from '../../apps/chat/test/breakable-bus';
import { People } from '../../apps/chat/test/people';
import { by, startReplica } from '../../apps/chat/test/replica';

/**
 * What searches take, for somebody in 5 rooms and in 500, and what the index weighs.
 * node -r ./test/harness/register.cjs test/load/search.ts [messages] [rooms]; on PostgreSQL where TEST_DATABASE_URL is set
 */
const MESSAGES = Number(process.argv[2] ?? 200_000);
const ROOMS = Number(process.argv[3] ?? 2_000);
const ROUNDS = 60;
const AT_ONCE = 2_000;
const DAYS = 180;

let seed = 42;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const SYLLABLES = 'ka to mi re su no la vi ре то ка на ли во ше ра'.split(' ');
const VOCABULARY = Array.from({ length: 20_000 }, () =>
  Array.from(
    { length: 2 + Math.floor(random() * 3) },
    () => SYLLABLES[Math.floor(random() * SYLLABLES.length)],
  ).join(''),
);
const HAN = '我们明天开会讨论新的项目计划请大家准时参加谢谢你的时间地点在公司会议室里面';
/** Few words are said often, most of them rarely. */
const word = (): string => VOCABULARY[Math.floor(20_000 ** random()) - 1] ?? 'x';
const textOf = (i: number): string => {
  const words = Array.from({ length: 4 + Math.floor(random() * 16) }, word);
  if (i % 5 === 0) words.push('deploying');
  if (i % 40_000 === 7) words.push('quixotic');
  if (i % 10 === 3)
    words.push(Array.from({ length: 12 }, () => HAN[Math.floor(random() * HAN.length)]).join(''));
  return words.join(' ');
};

const at = (p: number, times: number[]): string =>
  `${(times[Math.min(times.length - 1, Math.floor(times.length * p))] ?? 0).toFixed(1)} ms`;

const main = async (): Promise<void> => {
  const { url, drop } = await testDatabaseUrl();
  const database = await openDatabase({ ...CHAT_DATABASE, url, poolSize: 4 });
  const people = new People();
  const few = people.add('few');
  const many = people.add('many');
  const rooms = Array.from({ length: ROOMS }, () => uuid());
  await database.query(
    `INSERT INTO chat.rooms (bucket, id, kind, name, created_by, created_at, last_seq, member_count)
     SELECT chat.bucket(id), id, 'private', 'room ' || place, $2, now(), $3, 1
     FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)`,
    [rooms, many, MESSAGES / ROOMS],
  );
  for (const [who, count] of [
    [few, 5],
    [many, 500],
  ] as const)
    await database.query(
      `INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
       SELECT chat.bucket(id), id, $2, 'member', now() FROM unnest($1::uuid[]) AS given (id)`,
      [rooms.slice(0, count), who],
    );
  for (let from = 0; from < MESSAGES; from += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, i) => from + i);
    await database.query(
      `INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, client_id)
       SELECT chat.bucket(room), room, seq, 'message.created', $4, now() - $5::float8 * interval '1 day' + ago * interval '1 second',
         room, text, text
       FROM unnest($1::uuid[], $2::bigint[], $3::text[], $6::float8[]) AS given (room, seq, text, ago)
       ON CONFLICT DO NOTHING`,
      [
        numbers.map((i) => rooms[i % ROOMS]),
        numbers.map((i) => 1 + Math.floor(i / ROOMS)),
        numbers.map(textOf),
        many,
        DAYS,
        numbers.map((i) => (i / MESSAGES) * DAYS * 86_400),
      ],
    );
  }
  const repository = new IndexingRepository(database);
  const indexing = new IndexingService(repository);
  const began = performance.now();
  let indexed = 0;
  for (let { rooms: behind } = await indexing.behind(); behind.length > 0;) {
    const { done, messages } = await indexing.advance(behind);
    indexed += messages;
    behind = behind.filter((id) => !done.includes(id));
    if (behind.length === 0) ({ rooms: behind } = await indexing.behind());
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`${indexed} messages indexed, ${Math.round(indexed / seconds)} a second`);
  const [size] = await database.query<Record<string, string>>(
    `SELECT pg_relation_size('chat.search_index') + pg_relation_size(reltoastrelid) AS rows,
       pg_relation_size('chat.search_index_words') AS words, pg_relation_size('chat.search_index_pkey') AS keys,
       pg_total_relation_size('chat.room_events') AS log FROM pg_class WHERE oid = 'chat.search_index'::regclass`,
  );
  for (const [what, bytes] of Object.entries(size ?? {}))
    console.log(`${what}: ${Math.round(Number(bytes) / indexed)} bytes a message`);

  const replica = await startReplica(url, new BreakableBus(), { people, poolSize: 4 });
  const room = { roomId: rooms[0] ?? '' };
  const [usual = ''] = VOCABULARY.slice(40);
  const cases: [string, string, object?][] = [
    ['a word in every fifth message', 'deploy'],
    ['the same, newest first', 'deploy', { order: SearchOrder.NEWEST }],
    ['a rare word', 'quixotic'],
    ['a word that is not there', 'xylophonist'],
    ['two words that are common', `deploy ${usual}`],
    ['three letters of a beginning', 'dep'],
    ['a common beginning', 'кат'],
    ['Chinese, two characters', '开会'],
    ['Chinese, two that are not there', '桥梁'],
    ['Chinese, one character', '会'],
    ['a phrase', `"deploying ${HAN.slice(0, 2)}"`],
    ['a common word, one room', 'deploy', room],
    ['all of one person with a link', 'from:many has:link'],
    ['a common word before a day', 'deploy before:2026-08-01'],
  ];
  for (const who of ['few', 'many'])
    for (const [name, query, more] of cases) {
      const times: number[] = [];
      let hits = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const from = performance.now();
        const answer = await replica.search.searchMessages(
          { query, has: [], order: SearchOrder.UNSPECIFIED, ...more },
          by(who),
        );
        times.push(performance.now() - from);
        hits = answer.hits.length;
      }
      times.splice(0, 5);
      times.sort((a, b) => a - b);
      console.log(
        `${who.padEnd(5)} ${name.padEnd(34)} p50 ${at(0.5, times)} p99 ${at(0.99, times)}  ${hits} hits`,
      );
    }
  await replica.close();
  await database.source.destroy();
  await drop();
};

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
