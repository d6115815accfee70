import { type Entry, RoomKind, type SearchMessagesRequest, SearchOrder } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { parseSearch } from '@veche/protocol';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';
import { IndexingRepository } from './indexing.repository';
import { IndexingService } from './indexing.service';
import { marksOf, termsOf } from './terms';

const { PUBLIC, PRIVATE } = RoomKind;

describe('searching', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let other: Replica;
  const people = new People();
  const ids = new Map(['anna', 'boris', 'clara'].map((name) => [name, people.add(name)]));

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replica = await startReplica(opened.url, bus, { people, poolSize: 5 });
    other = await startReplica(opened.url, bus, { people, poolSize: 5 });
  });
  afterAll(async () => {
    await Promise.all([replica, other].map((one) => one.close()));
    await opened.close();
  });
  afterEach(() => jest.restoreAllMocks());

  let made = 0;
  const create = async (owner: string, name: string, ...members: string[]): Promise<string> => {
    const { room } = await replica.rooms.createRoom(
      { name: `${name} ${++made}`, kind: PRIVATE, members },
      by(owner),
    );
    return room?.id ?? '';
  };
  const say = async (roomId: string, who: string, text: string, at = replica): Promise<number> => {
    const sent = await at.messages.sendMessage({ roomId, text, clientId: randomUUID() }, by(who));
    return sent.entry?.seq ?? 0;
  };
  /** Everything that was committed is in the index. */
  const indexed = () =>
    eventually(async () => (await replica.get(IndexingRepository).behind(1)).length === 0);
  const ask = (who: string, query: string, more: Partial<SearchMessagesRequest> = {}, at = replica) =>
    at.search.searchMessages({ query, has: [], order: SearchOrder.UNSPECIFIED, ...more }, by(who));
  const textsOf = (messages: readonly (Entry | undefined)[]): string[] =>
    messages.flatMap((m) => (m?.body?.$case === 'messageCreated' ? [m.body.value.text] : []));
  const found = async (who: string, query: string, more: Partial<SearchMessagesRequest> = {}) =>
    textsOf((await ask(who, query, more)).hits.map(({ message }) => message));
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );
  const rowsOf = async (roomId: string): Promise<number> =>
    (await opened.database.query('SELECT FROM chat.search_index WHERE room_id = $1', [roomId])).length;

  test('finds what was said, by words in any form, parts, phrases and in any script', async () => {
    const roomId = await create('anna', 'Scripts');
    const texts = [
      'Two meetings in Zürich',
      'После встречи',
      'see report-v2.pdf',
      'ERR_4711 👍🏽',
      '明天开会讨论',
      "it's a ' \\ quote",
    ];
    for (const text of texts) await say(roomId, 'anna', text);
    await indexed();
    for (const [query, text] of [
      ['meeting zurich', texts[0]],
      ['"meetings in"', texts[0]],
      ['встречу', texts[1]],
      ['report-v2.pdf', texts[2]],
      ['ERR_47', texts[3]],
      ['👍', texts[3]],
      ['开会', texts[4]],
      ['论', texts[4]],
      ["it's quote", texts[5]],
    ] as const)
      expect([query, await found('anna', query, { roomId })]).toEqual([query, [text]]);
    expect(await found('anna', '"in meetings"', { roomId })).toEqual([]);
    expect(await found('anna', '!!!', { roomId })).toEqual([]);
  });

  test('marks what was found in an excerpt', async () => {
    const roomId = await create('anna', 'Marks');
    await say(roomId, 'anna', `${'before '.repeat(50)}the <b>bridge</b> stands ${'after '.repeat(50)}`);
    await indexed();
    const [hit] = (await ask('anna', 'bridges', { roomId })).hits;
    expect(hit?.excerpt).toContain('the <b>bridge</b> stands');
    expect(hit?.excerpt.length).toBeLessThan(280);
    expect(hit?.marks.map(({ start, end }) => hit.excerpt.slice(start, end))).toEqual(['bridge']);
  });

  test('is narrowed by filters, typed and given', async () => {
    const builders = await create('anna', 'Bridge builders', 'boris');
    const { room: direct } = await replica.rooms.openDirectRoom({ username: 'boris' }, by('anna'));
    await say(builders, 'anna', 'plan one https://example.org');
    await say(builders, 'boris', 'plan two `code`');
    await say(direct?.id ?? '', 'boris', 'plan three');
    await indexed();
    const plans = (query: string, more: Partial<SearchMessagesRequest> = {}) =>
      found('anna', query, { order: SearchOrder.NEWEST, ...more });
    expect(await plans('plan from:boris in:build')).toEqual(['plan two `code`']);
    expect(await plans('plan', { from: 'me', in: 'bridge' })).toEqual(['plan one https://example.org']);
    expect(await plans('plan in:@boris')).toEqual(['plan three']);
    expect(await plans('plan has:link in:build')).toEqual(['plan one https://example.org']);
    expect(await plans('in:build', { has: ['code'] })).toEqual(['plan two `code`']);
    expect(await plans('plan from:nobody')).toEqual([]);
    expect(await plans('plan in:nowhere')).toEqual([]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await plans(`plan after:${today} in:build from:boris`)).toEqual(['plan two `code`']);
    expect(await plans(`plan before:${today} in:build`)).toEqual([]);
    expect(await plans('plan in:build', { before: '2020-01-01' })).toEqual([]);
  });

  test('sees the rooms of the caller at that moment, and no others', async () => {
    const roomId = await create('anna', 'Rights', 'boris');
    await say(roomId, 'anna', 'rightsword');
    await indexed();
    expect(await found('boris', 'rightsword')).toEqual(['rightsword']);
    expect(await found('clara', 'rightsword')).toEqual([]);
    expect(await codeOf(ask('clara', 'rightsword', { roomId }))).toBe('room_not_found');
    await replica.members.removeMember({ roomId, userId: ids.get('boris') ?? '' }, by('anna'));
    for (const at of [replica, other]) expect((await ask('boris', 'rightsword', {}, at)).hits).toEqual([]);
    // a public room that one is not in is none of one's rooms
    const { room } = await replica.rooms.createRoom(
      { name: 'Open rights', kind: PUBLIC, members: [] },
      by('anna'),
    );
    await say(room?.id ?? '', 'anna', 'rightsword in public');
    await indexed();
    expect(await found('boris', 'rightsword')).toEqual([]);
    await replica.rooms.joinRoom({ roomId: room?.id ?? '' }, by('boris'));
    expect(await found('boris', 'rightsword')).toEqual(['rightsword in public']);
  });

  test('finds nothing of what was edited away, deleted or erased, from that moment on', async () => {
    const roomId = await create('anna', 'Gone', 'boris');
    const edited = await say(roomId, 'anna', 'secretword first');
    const deleted = await say(roomId, 'anna', 'secretword second');
    people.add('guest4711');
    await replica.members.addMember({ roomId, username: 'guest4711' }, by('anna'));
    await say(roomId, 'guest4711', 'secretword third');
    await indexed();
    expect(await found('anna', 'secretword')).toHaveLength(3);
    const words = () =>
      opened.database.query(`SELECT seq FROM chat.search_index WHERE words @@ 'secretword'::tsquery`);
    await replica.messages.editMessage({ roomId, seq: edited, text: 'harmless' }, by('anna'));
    expect(await words()).toHaveLength(2);
    await replica.messages.deleteMessage({ roomId, seq: deleted }, by('anna'));
    expect(await words()).toHaveLength(1);
    const { userId } = people.principal('guest4711') ?? { userId: '' };
    await replica.erasure.forgetUser({ userId }, { requestId: 'test' });
    expect(await words()).toHaveLength(0);
    await indexed();
    expect(await words()).toHaveLength(0);
    expect(await found('anna', 'harmless')).toEqual(['harmless']);
    await replica.rooms.deleteRoom({ roomId }, by('anna'));
    expect(await found('anna', 'harmless')).toEqual([]);
    await eventually(async () => (await rowsOf(roomId)) === 0);
  });

  test('indexes nothing that was changed between the reading of it and the writing', async () => {
    const roomId = await create('anna', 'Between');
    const take = jest.spyOn(IndexingRepository.prototype, 'take').mockRejectedValue(new Error('not now'));
    const edited = await say(roomId, 'anna', 'betweenword one');
    const deleted = await say(roomId, 'anna', 'betweenword two');
    const repository = replica.get(IndexingRepository);
    const parts = await repository.unindexed([roomId], 100);
    await replica.messages.editMessage({ roomId, seq: edited, text: 'nothing' }, by('anna'));
    await replica.messages.deleteMessage({ roomId, seq: deleted }, by('anna'));
    take.mockRestore();
    await repository.take(parts);
    // and once more: somebody else had taken it
    expect((await repository.take(parts)).rooms).toEqual(new Set());
    expect(await found('anna', 'betweenword', { roomId })).toEqual([]);
    await indexed();
    expect(await found('anna', 'betweenword', { roomId })).toEqual([]);
    expect(await found('anna', 'nothing', { roomId })).toEqual(['nothing']);
  });

  test('waits for a deletion that is under way, and then finds nothing of it', async () => {
    const roomId = await create('anna', 'Under way');
    await indexed();
    jest.spyOn(IndexingService.prototype, 'advance').mockRejectedValue(new Error('not now'));
    const seq = await say(roomId, 'anna', 'underwayword');
    const repository = replica.get(IndexingRepository);
    const parts = await repository.unindexed([roomId], 100);
    await opened.database.transaction(async (tx) => {
      await tx.query(
        `UPDATE chat.room_events SET text = NULL, deleted_at = now() WHERE room_id = $1 AND seq = $2`,
        [roomId, seq],
      );
      // the embedded database has one session for all: nobody else can ask meanwhile
      if (process.env.TEST_DATABASE_URL) expect((await repository.take(parts)).rooms).toEqual(new Set());
    });
    await repository.take(parts);
    expect(await rowsOf(roomId)).toBe(0);
  });

  test('is found by another process where the one that committed it died, and each message once', async () => {
    const roomId = await create('anna', 'Crash');
    const advance = jest.spyOn(IndexingService.prototype, 'advance').mockRejectedValue(new Error('died'));
    const dying = await startReplica(opened.url, new BreakableBus(), { people, poolSize: 2 });
    for (let i = 0; i < 30; i++) await say(roomId, 'anna', `crashword ${i}`, dying);
    await dying.close();
    advance.mockRestore();
    await indexed();
    expect(await rowsOf(roomId)).toBe(30);
    // both at once, in one room and in many
    const rooms = [roomId, await create('anna', 'Crash')];
    await Promise.all(
      [replica, other].flatMap((at) =>
        rooms.flatMap((id) => Array.from({ length: 40 }, (_, i) => say(id, 'anna', `bothword ${i}`, at))),
      ),
    );
    await indexed();
    expect(await Promise.all(rooms.map(rowsOf))).toEqual([110, 80]);
  });

  test('gives every hit once, page by page, the newest or the best first', async () => {
    const roomId = await create('anna', 'Pages');
    for (let i = 0; i < 25; i++) await say(roomId, 'anna', `pageword ${'filler '.repeat(i % 5)}${i}`);
    await indexed();
    for (const order of [SearchOrder.NEWEST, SearchOrder.BEST]) {
      const seqs: number[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await ask('anna', 'pageword', { roomId, order, limit: 10, cursor });
        seqs.push(...page.hits.map(({ message }) => message?.seq ?? 0));
        cursor = page.nextCursor;
        // what is new is no part of the list that is being read
        if (++pages === 1) {
          await say(roomId, 'anna', 'pageword new');
          await indexed();
        }
      } while (cursor !== undefined);
      expect(pages).toBe(3);
      expect(new Set(seqs).size).toBe(seqs.length);
      const isSorted = seqs.every((seq, i) => i === 0 || seq < (seqs[i - 1] ?? 0));
      expect(isSorted).toBe(order === SearchOrder.NEWEST);
    }
  });

  test('refuses what says nothing, and what asks too much', async () => {
    const roomId = await create('anna', 'Refused');
    expect(await codeOf(ask('anna', '  '))).toBe('invalid_input');
    expect(await codeOf(ask('anna', 'x y '.repeat(40), { roomId }))).toBe('invalid_input');
    expect(await codeOf(ask('anna', 'x', { cursor: 'bm8' }))).toBe('invalid_input');
    const cursor = Buffer.from(JSON.stringify(['1e400', '1', '1', roomId, '1'])).toString('base64url');
    expect(await codeOf(ask('anna', 'x', { cursor }))).toBe('invalid_input');
  });

  test('finds the place of a moment in a room', async () => {
    const roomId = await create('anna', 'Moments', 'boris');
    expect(await replica.search.findMoment({ roomId, time: '2020-01-01' }, by('anna'))).toEqual({ seq: 0 });
    const seqs = [];
    for (let i = 0; i < 5; i++) seqs.push(await say(roomId, 'anna', `moment ${i}`));
    await opened.database.query(
      `UPDATE chat.room_events SET at = CASE WHEN type <> 'message.created' THEN timestamptz '2024-01-01T00:00:00Z'
         ELSE timestamptz '2025-01-01T00:00:00Z' + (seq - $2) * interval '1 day' END WHERE room_id = $1`,
      [roomId, seqs[0]],
    );
    const at = async (time: string) => (await replica.search.findMoment({ roomId, time }, by('boris'))).seq;
    expect(await at('2023-05-05')).toBe(seqs[0]);
    expect(await at('2025-01-01')).toBe(seqs[0]);
    expect(await at('2025-01-01T00:00:01Z')).toBe(seqs[1]);
    expect(await at('2025-01-05')).toBe(seqs[4]);
    expect(await at('2026-01-01')).toBe(seqs[4]);
    expect(await codeOf(replica.search.findMoment({ roomId, time: '2025-01-01' }, by('clara')))).toBe(
      'room_not_found',
    );
  });

  test('finds what a scan of what the caller may read finds, whatever has happened', async () => {
    const rooms = await Promise.all([1, 2, 3].map(() => create('anna', 'Scan', 'boris', 'clara')));
    const words = [
      'bridge',
      'bridges',
      'Мост',
      'мосты',
      '东京',
      '京',
      'ERR_1',
      'err',
      'a',
      '👍',
      'brid-ge',
      'é',
    ];
    const word = fc.constantFrom(...words);
    const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((w) => w.join(' '));
    const who = fc.constantFrom('anna', 'boris', 'clara');
    const room = fc.constantFrom(...rooms);
    const step = fc.record({
      what: fc.constantFrom('say', 'say', 'say', 'edit', 'delete', 'leave', 'come'),
      who,
      room,
      text,
    });
    const written: { room: string; seq: number; who: string }[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.nat(), async (steps, pick) => {
        for (const { what, who, room, text } of steps) {
          const one = written[pick % Math.max(1, written.length)];
          const act = {
            say: async () => written.push({ room, seq: await say(room, who, text), who }),
            edit: async () =>
              one && replica.messages.editMessage({ roomId: one.room, seq: one.seq, text }, by(one.who)),
            delete: async () =>
              one && replica.messages.deleteMessage({ roomId: one.room, seq: one.seq }, by(one.who)),
            leave: () =>
              replica.members.removeMember({ roomId: room, userId: ids.get(who) ?? '' }, by('anna')),
            come: () => replica.members.addMember({ roomId: room, username: who }, by('anna')),
          }[what];
          // it may not be theirs to do, by now
          await act?.().catch((error: AppError) =>
            expect(error.code).toMatch(/member|room|message|hand_over|input|forbidden/),
          );
        }
        await indexed();
        for (const reader of ['anna', 'boris', 'clara'])
          for (const query of [...words, '"bridge мост"', '东京 👍']) {
            const terms = termsOf(parseSearch(query).texts);
            const expected: string[] = [];
            for (const roomId of rooms) {
              const page = await replica.messages
                .listMessages({ roomId, limit: 100 }, by(reader))
                .catch(() => ({ entries: [] as Entry[] }));
              for (const entry of page.entries)
                if (textsOf([entry]).some((text) => text !== '' && marksOf(terms, text)))
                  expected.push(`${roomId} ${entry.seq}`);
            }
            const hits: string[] = [];
            let cursor: string | undefined;
            do {
              const page = await ask(reader, `${query} in:scan`, {
                order: SearchOrder.NEWEST,
                limit: 50,
                cursor,
              });
              hits.push(...page.hits.map(({ message }) => `${message?.roomId} ${message?.seq}`));
              cursor = page.nextCursor;
            } while (cursor !== undefined);
            expect([query, hits.sort()]).toEqual([query, expected.sort()]);
          }
      }),
      { numRuns: 4 },
    );
  });
});
