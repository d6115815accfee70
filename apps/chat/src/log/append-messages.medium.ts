import type { Entry } from '@veche/contracts';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { type Replica, startReplica } from '../../test/replica';
import { addMember, createRoom, deleteRoom } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';
import { LogRepository, type NewMessage, type Outcome } from './log.repository';
import { type Circumstances, judge, type Verdict } from './log.rules';
import { LogService } from './log.service';

const PEOPLE = 4;
/** Of every kind; who is in them; the fourth was deleted, the fifth never was. */
const KINDS = ['public', 'private', 'public', 'private'] as const;
const ROOMS = KINDS.length + 1;

/** Files that are there, each of one of them. */
const FILES = 4;

const message = fc.record({
  room: fc.nat(ROOMS - 1),
  author: fc.nat(PEOPLE - 1),
  clientId: fc.nat(7),
  // nothing, an entry that is no message, messages, what is beyond the end
  replyTo: fc.option(fc.constantFrom(1, 3, 4, 5, 40), { nil: undefined }),
  text: fc.constantFrom('text', '', 'ё\u{1f44b}'),
  file: fc.option(fc.nat(FILES - 1), { nil: undefined }),
  // half of them, of the same kinds as above
  threadSeq: fc.option(fc.constantFrom(1, 3, 4, 5, 40), { nil: undefined, freq: 1 }),
  alsoInRoom: fc.boolean(),
});
const batches = fc.array(fc.array(message, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 6 });

describe('appending a batch in the database', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let repository: LogRepository;

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    replica = await startReplica(opened.url, new BreakableBus());
    repository = replica.get(LogRepository);
  });
  afterAll(async () => {
    await replica.close();
    await opened.close();
  });

  const logOf = async (roomId: string): Promise<Entry[]> =>
    (
      await replica.delivery
        .listRoomEntries({ roomId, after: 0, limit: 1000 }, { requestId: uuid() })
        .catch(() => ({ entries: [] }))
    ).entries;

  const attachment = (id: string) => ({ id, name: 'a', size: 1, type: 'text/plain', thumbnails: [] });
  const putFile = (id: string, ownerId: string) =>
    opened.database.query(
      `INSERT INTO chat.attachments (id, owner_id, name, size, sha256, details, ready_at)
       VALUES ($1, $2, 'a', 1, $3, '{"type": "text/plain", "thumbnails": []}', now())`,
      [id, ownerId, 'a'.repeat(64)],
    );
  const looseFiles = async <F extends { id: string }>(files: readonly F[]): Promise<F[]> => {
    const rows = await opened.database.query<{ id: string }>(
      'SELECT id FROM chat.attachments WHERE id = ANY ($1::uuid[]) AND room_id IS NULL',
      [files.map(({ id }) => id)],
    );
    return files.filter(({ id }) => rows.some((row) => row.id === id));
  };

  /** What the rule says, held against what the function did. */
  const shape = (outcome: Outcome | Verdict<Entry>): unknown => {
    if (outcome.kind === 'append' && 'entry' in outcome) return { kind: 'append', seq: outcome.entry.seq };
    return outcome;
  };

  test('is what the rule says, whatever is in the batch and whatever was before it', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (plan) => {
        const people = Array.from({ length: PEOPLE }, () => uuid()) as [string, ...string[]];
        const rooms: string[] = [];
        // nobody but the last is everywhere: members of one room are strangers in another
        for (const [i, kind] of KINDS.entries())
          rooms.push(await createRoom(replica, kind, [people[i % (PEOPLE - 1)]!, people[PEOPLE - 1]!]));
        await addMember(replica, rooms[0]!, people[1]!);
        await deleteRoom(replica, rooms[3]!);
        rooms.push(uuid());
        const there = new Set(rooms.slice(0, 3));
        const clientIds = Array.from({ length: 8 }, () => uuid());
        const files = Array.from({ length: FILES }, (_, i) => ({
          id: uuid(),
          owner: people[i % PEOPLE] ?? '',
        }));
        for (const { id, owner } of files) await putFile(id, owner);

        for (const batch of plan) {
          const messages = batch.map(
            ({ room, author, clientId, replyTo, text, file, ...thread }): NewMessage => {
              const [roomId, authorId] = [rooms[room] ?? '', people[author] ?? ''];
              const fileId = file === undefined ? undefined : files[file]?.id;
              const withFile = fileId
                ? { attachmentIds: [fileId], attachments: [attachment(fileId)] }
                : undefined;
              const client = clientIds[clientId] ?? '';
              return {
                id: uuid(),
                roomId,
                authorId,
                clientId: client,
                replyTo,
                text,
                ...withFile,
                ...thread,
              };
            },
          );
          const logs = new Map<string, Entry[]>();
          for (const roomId of rooms) logs.set(roomId, await logOf(roomId));
          const loose = await looseFiles(files);
          const known = messages.map((m): Circumstances<Entry> => {
            const log = logs.get(m.roomId) ?? [];
            const joined = ({ body, actorId }: Entry): boolean =>
              body?.$case === 'roomCreated'
                ? actorId === m.authorId
                : body?.$case === 'memberJoined' && body.value.userId === m.authorId;
            const isMessage = ({ body }: Entry): boolean => body?.$case === 'messageCreated';
            const root = log.find((e) => e.seq === m.threadSeq && isMessage(e));
            const isInThread =
              root?.body?.$case === 'messageCreated' && root.body.value.threadSeq !== undefined;
            return {
              member: log.some(joined),
              replyExists: log.some((e) => e.seq === m.replyTo && isMessage(e)),
              astray: root ? (isInThread ? 'already_in_thread' : undefined) : 'message_not_found',
              files: new Set(loose.filter(({ owner }) => owner === m.authorId).map(({ id }) => id)),
              original: log.find(
                (e) =>
                  e.actorId === m.authorId &&
                  e.body?.$case === 'messageCreated' &&
                  e.body.value.clientId === m.clientId,
              ),
            };
          });
          const ruled = judge(
            messages,
            known,
            rooms
              .slice(0, 3)
              .map((id, i) => ({ id, kind: KINDS[i] ?? '', lastSeq: logs.get(id)?.length ?? 0 })),
          );
          const outcomes = await repository.appendMessages(messages);
          expect(outcomes.map(shape)).toEqual(ruled.map(shape));

          const appended = outcomes.flatMap((o) => (o.kind === 'append' ? [o.entry] : []));
          for (const roomId of there) {
            const fresh = appended.filter((e) => e.roomId === roomId);
            expect(await logOf(roomId)).toEqual([...(logs.get(roomId) ?? []), ...fresh]);
          }
        }
      }),
      { numRuns: 25 },
    );
  }, 180_000);

  // the embedded server has one session: nobody holds anything while a statement runs
  const onServer = process.env.TEST_DATABASE_URL ? test : test.skip;

  onServer('leaves out what somebody else holds, says so, and waits for nothing', async () => {
    const author = uuid();
    const [held, free] = [
      await createRoom(replica, 'private', [author]),
      await createRoom(replica, 'private', [author]),
    ];
    const gone = await createRoom(replica, 'private', [author]);
    const send = (roomId: string, clientId: string = uuid()) => ({
      id: uuid(),
      roomId,
      authorId: author,
      clientId,
      text: 'x',
    });
    const before = send(held);
    await repository.appendMessages([before]);
    const batch = [send(held), send(free), before, send(gone), send(free)];
    let deleted = Promise.resolve();
    await replica.get(LogService).change(held, async () => {
      const outcomes = await repository.appendMessages(batch);
      expect(outcomes.map((o) => o.kind)).toEqual(['held', 'append', 'held', 'append', 'append']);
      deleted = deleteRoom(replica, gone);
      return { result: undefined };
    });
    await deleted;
    const outcomes = await repository.appendMessages(batch.map((m) => ({ ...m, id: uuid() })));
    expect(outcomes.map((o) => (o.kind === 'refuse' ? o.code : o.kind))).toEqual([
      'append',
      'original',
      'original',
      'room_not_found',
      'original',
    ]);
    expect(await logOf(held)).toHaveLength(3);
  });

  onServer('looks things up by index, also by a plan from when the tables were empty', async () => {
    const { database, close } = await openTestDatabase({ ...CHAT_DATABASE, poolSize: 1 });
    const own = new LogRepository(database);
    const [roomId, author] = [uuid(), uuid()];
    const batch = () =>
      Array.from({ length: 20 }, () => ({
        id: uuid(),
        roomId,
        authorId: author,
        clientId: uuid(),
        replyTo: 7,
        text: 'x',
      }));
    for (const table of ['rooms', 'members', 'room_events'])
      await database.query(`ALTER TABLE chat.${table} SET (autovacuum_enabled = off)`);
    // the one session makes its plan here
    for (let i = 0; i < 10; i++) await own.appendMessages(batch());
    await database.query(
      `INSERT INTO chat.rooms (bucket, id, kind, created_by, created_at, last_seq)
       VALUES (chat.bucket($1), $1, 'public', $2, now(), 100000)`,
      [roomId, author],
    );
    await database.query(
      `INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
       SELECT chat.bucket($1), $1, CASE n WHEN 0 THEN $2 ELSE gen_random_uuid() END, 'member', now()
       FROM generate_series(0, 5000) n`,
      [roomId, author],
    );
    await database.query(
      `INSERT INTO chat.room_events (bucket, room_id, seq, type, actor_id, at, message_id, text, client_id)
       SELECT chat.bucket($1), $1, n, 'message.created', $2, now(), gen_random_uuid(), 'text', gen_random_uuid()
       FROM generate_series(1, 100000) n`,
      [roomId, author],
    );
    const blocks = async (): Promise<number> => {
      await database.query('SELECT pg_stat_force_next_flush()').catch(() => undefined);
      const [row] = await database.query<{ blocks: number }>(
        `SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::int AS blocks
         FROM pg_statio_user_tables WHERE schemaname = 'chat'`,
      );
      return row?.blocks ?? 0;
    };
    await blocks();
    const from = await blocks();
    const outcomes = await own.appendMessages(batch());
    expect(outcomes.every((o) => o.kind === 'append')).toBe(true);
    // a scan of the table would be thousands for each message; probes and the writing are some tens
    expect((await blocks()) - from).toBeLessThan(20 * 60);
    await close();
  });
});
