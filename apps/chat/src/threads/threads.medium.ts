import { type Entry, type MessageCreated, RoomKind, SearchOrder, type Thread } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { hearing } from '../../test/hearing';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

const { PRIVATE, PUBLIC } = RoomKind;
const service = { requestId: 'test' };
const NAMES = ['anna', 'boris', 'clara'] as const;

interface Reply {
  threadSeq?: number;
  alsoInRoom?: boolean;
  replyTo?: number;
  text?: string;
}

describe('threads', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let other: Replica;
  const people = new People();
  const [anna, boris, clara] = NAMES.map((name) => people.add(name)) as [string, string, string];
  people.add('stranger');

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

  let made = 0;
  const create = async (kind = PRIVATE, ...members: string[]): Promise<string> => {
    const request = {
      name: `room ${++made}`,
      kind,
      members: members.length > 0 ? members : ['boris', 'clara'],
    };
    return (await replica.rooms.createRoom(request, by('anna'))).room?.id ?? '';
  };
  const say = async (roomId: string, who: string, { text = 'text', ...how }: Reply = {}): Promise<Entry> => {
    const request = { roomId, text, clientId: randomUUID(), ...how };
    const { entry } = await replica.messages.sendMessage(request, by(who));
    if (!entry) throw new Error('no entry');
    return entry;
  };
  const seqOf = async (roomId: string, who: string, how?: Reply): Promise<number> =>
    (await say(roomId, who, how)).seq;
  const remove = (roomId: string, seq: number, who: string) =>
    replica.messages.deleteMessage({ roomId, seq }, by(who));
  const messageOf = (entry: Entry | undefined): MessageCreated => {
    if (entry?.body?.$case !== 'messageCreated') throw new Error('no message');
    return entry.body.value;
  };
  const message = async (roomId: string, seq: number, who = 'anna'): Promise<MessageCreated> =>
    messageOf((await other.messages.getMessage({ roomId, seq }, by(who))).entry);
  const thread = async (roomId: string, threadSeq: number, who: string): Promise<Thread> => {
    const { thread: found } = await other.threads.getThread({ roomId, threadSeq }, by(who));
    if (!found) throw new Error('no thread');
    return found;
  };
  const own = async (who: string, roomId: string) =>
    (await other.threads.listThreads({ limit: 100 }, by(who))).threads
      .filter(({ root }) => root?.roomId === roomId)
      .map(({ root, unread }) => [root?.seq, unread]);
  const room = async (roomId: string, who: string) => {
    const { rooms } = await other.rooms.listRooms({}, by(who));
    const found = rooms.find((one) => one.room?.id === roomId);
    return { unread: found?.unread, mentions: found?.mentions, last: found?.lastMessage?.seq };
  };
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );

  it('have their replies in the log of the room, and are nothing unread in it unless shown there too', async () => {
    const roomId = await create();
    const root = await seqOf(roomId, 'anna');
    const reply = await say(roomId, 'boris', { threadSeq: root, text: 'only here' });
    expect(reply.seq).toBe(root + 1);
    expect(messageOf(reply)).toMatchObject({ threadSeq: root, threadAuthorId: anna, alsoInRoom: undefined });
    expect(await room(roomId, 'clara')).toEqual({ unread: 1, mentions: 0, last: root });
    const shown = await say(roomId, 'boris', { threadSeq: root, alsoInRoom: true, replyTo: reply.seq });
    expect(messageOf(shown)).toMatchObject({ threadSeq: root, alsoInRoom: true });
    expect(await room(roomId, 'clara')).toEqual({ unread: 2, mentions: 0, last: shown.seq });
    await say(roomId, 'boris', { threadSeq: root, text: '@clara' });
    expect(await room(roomId, 'clara')).toEqual({ unread: 2, mentions: 1, last: shown.seq });

    const { entries } = await other.messages.listMessages({ roomId }, by('clara'));
    expect(entries.map(({ seq }) => seq)).toEqual([shown.seq, root]);
    const log = await other.messages.listEvents({ roomId, after: root }, by('clara'));
    expect(log.entries.map(({ body }) => body?.$case)).toEqual(Array(3).fill('messageCreated'));
    expect(log.entries[0]).toEqual(reply);
    const inThread = await other.threads.listThreadMessages(
      { roomId, threadSeq: root, limit: 2 },
      by('clara'),
    );
    expect(inThread.entries.map(({ seq }) => seq)).toEqual([shown.seq + 1, shown.seq]);
    const { nextBefore: before } = inThread;
    const rest = await other.threads.listThreadMessages({ roomId, threadSeq: root, before }, by('clara'));
    expect(rest).toMatchObject({ entries: [{ seq: reply.seq }], nextBefore: undefined });
    // what is told to everybody says it by what follows
    const told = await other.delivery.listRoomEntries({ roomId, after: root - 1, limit: 1 }, service);
    expect(messageOf(told.entries[0]).thread).toBeUndefined();
    expect((await message(roomId, root)).thread).toMatchObject({ replies: 3, participants: [boris] });
  });

  it('do not move their room in the lists, unless shown there too', async () => {
    const [first, second] = [await create(), await create()];
    const root = await seqOf(first, 'anna');
    await say(second, 'anna');
    const top = async () => (await other.rooms.listRooms({ limit: 1 }, by('boris'))).rooms[0]?.room?.id;
    await say(first, 'boris', { threadSeq: root });
    expect(await top()).toBe(second);
    await say(first, 'boris', { threadSeq: root, alsoInRoom: true });
    expect(await top()).toBe(first);
  });

  it('hang on messages that are there and in no thread themselves', async () => {
    const roomId = await create();
    const [root, gone, answered] = [
      await seqOf(roomId, 'anna'),
      await seqOf(roomId, 'anna'),
      await seqOf(roomId, 'anna'),
    ];
    const reply = await seqOf(roomId, 'boris', { threadSeq: root });
    await say(roomId, 'boris', { threadSeq: answered });
    for (const seq of [gone, answered]) await remove(roomId, seq, 'anna');
    const codes = async (threadSeq: number): Promise<string[]> => [
      await codeOf(say(roomId, 'clara', { threadSeq })),
      await codeOf(other.threads.getThread({ roomId, threadSeq }, by('clara'))),
      await codeOf(other.threads.setThreadFollowing({ roomId, threadSeq, on: true }, by('clara'))),
      await codeOf(other.threads.listThreadMessages({ roomId, threadSeq }, by('clara'))),
    ];
    expect(new Set(await codes(1))).toEqual(new Set(['message_not_found']));
    expect(new Set(await codes(99))).toEqual(new Set(['message_not_found']));
    expect(new Set(await codes(gone))).toEqual(new Set(['message_not_found']));
    expect(new Set(await codes(reply))).toEqual(new Set(['already_in_thread']));
    // what is deleted goes on in its thread
    expect(new Set(await codes(answered))).toEqual(new Set(['was not refused']));
    expect(await message(roomId, answered)).toMatchObject({ text: '', thread: { replies: 2 } });
    for (const call of [
      () => say(roomId, 'stranger', { threadSeq: root }),
      () => other.threads.getThread({ roomId, threadSeq: root }, by('stranger')),
      () => other.threads.markThreadRead({ roomId, threadSeq: root, seq: 9 }, by('stranger')),
    ])
      expect(await codeOf(call())).toBe('room_not_found');
  });

  it('are followed by who wrote, is answered, is mentioned or chose to, and until they choose otherwise', async () => {
    const roomId = await create();
    const root = await seqOf(roomId, 'anna');
    const following = (who: string) => thread(roomId, root, who).then((one) => one.following);
    await say(roomId, 'boris', { threadSeq: root });
    expect([await following('anna'), await following('boris'), await following('clara')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([await own('anna', roomId), await own('boris', roomId), await own('clara', roomId)]).toEqual([
      [[root, 1]],
      [[root, 0]],
      [],
    ]);
    await say(roomId, 'boris', { threadSeq: root, text: '@clara' });
    expect(await own('clara', roomId)).toEqual([[root, 1]]);
    const set = (who: string, on: boolean) =>
      replica.threads.setThreadFollowing({ roomId, threadSeq: root, on }, by(who));
    for (const who of ['anna', 'clara']) await set(who, false);
    await say(roomId, 'boris', { threadSeq: root, text: '@clara @anna' });
    expect([await own('anna', roomId), await own('clara', roomId)]).toEqual([[], []]);
    // by writing in it, or by choice: from then on
    await say(roomId, 'anna', { threadSeq: root });
    await set('clara', true);
    await say(roomId, 'boris', { threadSeq: root });
    expect([await own('anna', roomId), await own('clara', roomId)]).toEqual([[[root, 1]], [[root, 1]]]);
    // an edit mentions too
    const second = await seqOf(roomId, 'boris');
    const reply = await seqOf(roomId, 'boris', { threadSeq: second });
    const edited = { roomId, seq: reply, text: '@clara' };
    await replica.messages.editMessage(edited, by('boris'));
    expect(await own('clara', roomId)).toEqual([
      [second, 1],
      [root, 1],
    ]);
    const { entries } = await other.messages.listEvents({ roomId, after: reply }, by('clara'));
    expect(entries[0]?.body).toMatchObject({ $case: 'messageEdited', value: { threadSeq: second } });
    await replica.members.leaveRoom({ roomId }, by('clara'));
    expect(await own('clara', roomId)).toEqual([]);
    expect(
      await opened.database.query('SELECT FROM chat.thread_followers WHERE user_id = $1 AND room_id = $2', [
        clara,
        roomId,
      ]),
    ).toEqual([]);
  });

  it('have a mark of their own, of which all devices of its reader are told', async () => {
    const roomId = await create();
    const root = await seqOf(roomId, 'anna');
    const seqs = [];
    for (let i = 0; i < 3; i++) seqs.push(await seqOf(roomId, 'boris', { threadSeq: root }));
    const ears = hearing(other);
    await ears.rooms(roomId);
    const mark = (seq: number, back = false) =>
      replica.threads.markThreadRead({ roomId, threadSeq: root, seq, back }, by('anna'));
    const unread = () => thread(roomId, root, 'anna').then((one) => one.unread);
    await replica.members.markRead({ roomId, seq: 99 }, by('anna'));
    expect(await unread()).toBe(3);
    await mark(seqs[1] ?? 0);
    await mark(seqs[0] ?? 0);
    expect(await unread()).toBe(1);
    await mark(seqs[0] ?? 0, true);
    expect(await unread()).toBe(3);
    await mark(9_999);
    expect(await thread(roomId, root, 'anna')).toMatchObject({ unread: 0, readSeq: seqs[2] });
    await mark(seqs[2] ?? 0, true);
    await replica.threads.markAllThreadsRead({}, by('anna'));
    expect(await unread()).toBe(0);
    // who follows nothing has no mark
    await replica.threads.markThreadRead({ roomId, threadSeq: root, seq: 4 }, by('clara'));
    expect(await thread(roomId, root, 'clara')).toMatchObject({ readSeq: 0, unread: 0 });
    const told = () => ears.heard.flatMap(({ body }) => (body?.$case === 'threadMarked' ? [body.value] : []));
    await eventually(() => told().length === 5);
    const since = told()[0]?.revision ?? 0;
    expect(told().map(({ userId, readSeq, revision }) => [userId, readSeq, revision - since])).toEqual([
      [anna, seqs[1], 0],
      [anna, (seqs[0] ?? 0) - 1, 1],
      [anna, seqs[2], 1],
      [anna, (seqs[2] ?? 0) - 1, 2],
      [anna, seqs[2], 2],
    ]);
    ears.stop();
  });

  it('begin anew with each membership, and what is told late of one before is older', async () => {
    const roomId = await create(PUBLIC, 'boris');
    const root = await seqOf(roomId, 'anna');
    await seqOf(roomId, 'boris', { threadSeq: root });
    const follow = (on: boolean) =>
      replica.threads.setThreadFollowing({ roomId, threadSeq: root, on }, by('clara'));
    await replica.rooms.joinRoom({ roomId }, by('clara'));
    for (const on of [true, false, true]) await follow(on);
    const before = await thread(roomId, root, 'clara');
    expect(before).toMatchObject({ following: true });
    await replica.members.leaveRoom({ roomId }, by('clara'));
    await replica.rooms.joinRoom({ roomId }, by('clara'));
    const back = await thread(roomId, root, 'clara');
    expect(back).toMatchObject({ following: false, readSeq: 0 });
    expect(back.revision).toBeGreaterThan(before.revision);
    await follow(true);
    const { revision } = await thread(roomId, root, 'clara');
    expect(revision).toBeGreaterThan(back.revision);
    const { threads } = await replica.threads.listThreads({}, by('clara'));
    expect(threads.find((one) => one.root?.roomId === roomId)?.revision).toBe(revision);
  });

  it('are listed page by page, the one with the newest reply first', async () => {
    people.add('dora');
    const roomId = await create(PRIVATE, 'boris', 'dora');
    const roots = [];
    for (let i = 0; i < 5; i++) roots.push(await seqOf(roomId, 'dora'));
    // in one commit, and so at the same moment
    await Promise.all(roots.slice(0, 4).map((threadSeq) => say(roomId, 'boris', { threadSeq })));
    const found: (number | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await other.threads.listThreads({ limit: 3, cursor }, by('dora'));
      found.push(...page.threads.map(({ root }) => root?.seq));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect([...found].sort()).toEqual(roots.slice(0, 4));
    await say(roomId, 'boris', { threadSeq: roots[1] });
    expect((await own('dora', roomId))[0]).toEqual([roots[1], 2]);
    expect(await codeOf(other.threads.listThreads({ cursor: 'nothing' }, by('dora')))).toBe('invalid_input');
  });

  it('lose replies that are deleted or whose author’s account goes, and keep the rest', async () => {
    const id = people.add('erik');
    const roomId = await create(PRIVATE, 'boris', 'clara', 'erik');
    const root = await seqOf(roomId, 'anna');
    const reply = (who: string) => seqOf(roomId, who, { threadSeq: root });
    const [first, second] = [
      await reply('boris'),
      await reply('clara'),
      await reply('erik'),
      await reply('erik'),
    ];
    const entry = await message(roomId, root);
    expect(entry.thread).toMatchObject({ replies: 4, participants: [id, clara, boris] });
    await remove(roomId, second, 'clara');
    const { entries } = await other.messages.listEvents({ roomId, after: second + 2 }, by('anna'));
    const left = (await message(roomId, root)).thread;
    expect(entries[0]?.body).toEqual({
      $case: 'messageDeleted',
      value: { target: second, threadSeq: root, thread: left },
    });
    expect(left).toMatchObject({ replies: 3, participants: [id, boris], countedSeq: entries[0]?.seq });
    expect(await own('anna', roomId)).toEqual([[root, 3]]);
    while (!(await replica.erasure.forgetUser({ userId: id }, service)).done);
    const at = (await other.messages.getMessage({ roomId, seq: first }, by('anna'))).entry?.at;
    expect((await message(roomId, root)).thread).toMatchObject({
      replies: 1,
      participants: [boris],
      lastSeq: first,
      lastAt: at,
    });
    expect(await own('anna', roomId)).toEqual([[root, 1]]);
    await remove(roomId, first, 'boris');
    expect(await own('anna', roomId)).toEqual([]);
    expect((await message(roomId, root)).thread).toMatchObject({
      replies: 0,
      participants: [],
      lastAt: undefined,
    });
  });

  it('go with their room, and are pinned, reacted to, found and named by a link as messages are', async () => {
    const roomId = await create();
    const root = await seqOf(roomId, 'anna');
    const seq = await seqOf(roomId, 'boris', { threadSeq: root, text: 'something remarkable' });
    await replica.reactions.setReaction({ roomId, seq, emoji: '👍', on: true }, by('anna'));
    await replica.pins.setPin({ roomId, seq, on: true }, by('anna'));
    expect((await replica.pins.listPins({ roomId }, by('boris'))).entries).toMatchObject([
      { seq, body: { value: { threadSeq: root, reactions: [{ emoji: '👍' }] } } },
    ]);
    await eventually(async () => {
      const { hits } = await replica.search.searchMessages(
        { query: 'remarkable', has: [], roomId, order: SearchOrder.NEWEST },
        by('clara'),
      );
      return hits.length === 1 && messageOf(hits[0]?.message).threadSeq === root;
    });
    await replica.rooms.deleteRoom({ roomId }, by('anna'));
    await eventually(
      async () =>
        (await opened.database.query('SELECT FROM chat.thread_followers WHERE room_id = $1', [roomId]))
          .length === 0,
    );
  });

  const act = fc.record({
    what: fc.constantFrom(
      'say',
      'reply',
      'reply',
      'reply',
      'show',
      'delete',
      'read',
      'back',
      'follow',
      'leave',
    ),
    who: fc.constantFrom(...NAMES),
    of: fc.nat(10),
    on: fc.boolean(),
    text: fc.constantFrom('x', '@anna', '@boris @clara', '@room'),
  });

  it('are as a count of the whole log has them, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        const roomId = await create(PUBLIC);
        const said: number[] = [await seqOf(roomId, 'anna')];
        const pick = (of: number): number => said[of % said.length] ?? 0;
        for (const { what, who, of, on, text } of acts) {
          const seq = pick(of);
          const back = what === 'back';
          const quiet = (work: Promise<unknown>) => work.catch(() => undefined);
          if (what === 'say') await quiet(seqOf(roomId, who, { text }).then((n) => said.push(n)));
          else if (what === 'reply' || what === 'show')
            await quiet(
              seqOf(roomId, who, { text, threadSeq: seq, alsoInRoom: what === 'show' }).then((n) =>
                said.push(n),
              ),
            );
          else if (what === 'delete') await quiet(remove(roomId, seq, 'anna'));
          else if (what === 'read' || back)
            await quiet(
              replica.threads.markThreadRead({ roomId, threadSeq: pick(of + 1), seq, back }, by(who)),
            );
          else if (what === 'follow')
            await quiet(replica.threads.setThreadFollowing({ roomId, threadSeq: seq, on }, by(who)));
          else if (who !== 'anna') {
            await quiet(replica.members.leaveRoom({ roomId }, by(who)));
            if (on) await quiet(replica.rooms.joinRoom({ roomId }, by(who)));
          }
        }
        for (const who of NAMES) await replica.rooms.joinRoom({ roomId }, by(who));
        const { entries } = await other.messages.listEvents({ roomId, after: 0 }, by('anna'));
        const replies = entries.flatMap((entry) =>
          entry.body?.$case === 'messageCreated' && entry.body.value.threadSeq !== undefined
            ? [{ ...entry, message: entry.body.value, threadSeq: entry.body.value.threadSeq }]
            : [],
        );
        for (const { seq, body } of entries) {
          if (body?.$case !== 'messageCreated') continue;
          const left = replies.filter((one) => one.threadSeq === seq && !one.message.deletedAt);
          const writers = [...new Set(left.map(({ actorId }) => actorId).reverse())];
          const { thread: shown } = body.value;
          expect(shown?.replies ?? 0).toBe(left.length);
          expect(shown?.participants ?? []).toEqual(writers);
          expect([shown?.lastSeq, shown?.lastAt]).toEqual([left.at(-1)?.seq, left.at(-1)?.at]);
        }
        for (const [who, id] of [
          ['anna', anna],
          ['boris', boris],
          ['clara', clara],
        ] as const) {
          const listed = (await other.threads.listThreads({ limit: 100 }, by(who))).threads;
          for (const { root, readSeq, unread, following } of listed.filter(
            (one) => one.root?.roomId === roomId,
          )) {
            expect(following).toBe(true);
            expect(await thread(roomId, root?.seq ?? 0, who)).toEqual({
              ...listed.find((o) => o.root === root),
            });
            const isUnread = replies.filter(
              (one) =>
                one.threadSeq === root?.seq &&
                one.seq > readSeq &&
                one.actorId !== id &&
                !one.message.deletedAt,
            );
            expect(unread).toBe(isUnread.length);
          }
          const mine = (await other.rooms.listRooms({}, by(who))).rooms.find((o) => o.room?.id === roomId);
          const isUnread = entries.filter(
            ({ seq, actorId, body }) =>
              body?.$case === 'messageCreated' &&
              seq > (mine?.readSeq ?? 0) &&
              actorId !== id &&
              !body.value.deletedAt &&
              (body.value.threadSeq === undefined || body.value.alsoInRoom),
          );
          expect(mine?.unread).toBe(isUnread.length);
        }
      }),
      { numRuns: 15 },
    );
  }, 180_000);

  // the embedded server has one session: nothing happens there at the same moment
  const onServer = process.env.TEST_DATABASE_URL ? it : it.skip;

  onServer(
    'hold each other up no longer than they have to: replies, deletions and an erasure at once',
    async () => {
      const id = people.add('fred');
      const roomId = await create(PRIVATE, 'boris', 'clara', 'fred');
      const roots: number[] = [];
      for (let i = 0; i < 6; i++) roots.push(await seqOf(roomId, i % 2 ? 'fred' : 'anna'));
      for (const threadSeq of roots) await say(roomId, 'fred', { threadSeq });
      const replies: number[] = [];
      await Promise.all([
        ...Array.from({ length: 60 }, async (_, i) => {
          replies.push(await seqOf(roomId, NAMES[i % 3] ?? '', { threadSeq: roots[(i * 5) % 6] }));
          const mine = replies[i % replies.length];
          if (i % 4 === 0 && mine) await remove(roomId, mine, 'anna');
        }),
        (async () => {
          while (!(await other.erasure.forgetUser({ userId: id }, service)).done);
        })(),
      ]);
      const { entries } = await other.messages.listEvents({ roomId, after: 0 }, by('anna'));
      for (const root of entries.filter(({ seq }) => roots.includes(seq))) {
        const left = entries.filter(
          ({ body }) =>
            body?.$case === 'messageCreated' && body.value.threadSeq === root.seq && !body.value.deletedAt,
        );
        const { thread: shown } = messageOf(root);
        expect(shown).toMatchObject({ replies: left.length, lastSeq: left.at(-1)?.seq });
        expect(shown?.participants).not.toContain(id);
      }
    },
  );
});
