import { type Entry, type Mention, MentionKind, RoomKind, RoomRole } from '@veche/contracts';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

const { PUBLIC, PRIVATE } = RoomKind;
const { USER, ROOM, HERE, ROOM_LINK } = MentionKind;

describe('whom messages mention', () => {
  let opened: TestDatabase;
  let replica: Replica;
  const people = new People();
  const [anna, boris, clara] = ['anna', 'boris', 'clara'].map((name) => people.add(name)) as [
    string,
    string,
    string,
  ];
  people.add('guest', 'guest');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    replica = await startReplica(opened.url, new BreakableBus(), { people });
  });
  afterAll(async () => {
    await replica.close();
    await opened.close();
  });

  let made = 0;
  const create = async (kind: RoomKind, name = `room ${++made}`, ...members: string[]): Promise<string> => {
    const { room } = await replica.rooms.createRoom({ name, kind, members }, by('anna'));
    return room?.id ?? '';
  };
  const say = async (roomId: string, who: string, text: string): Promise<Entry> => {
    const { entry } = await replica.messages.sendMessage({ roomId, text, clientId: randomUUID() }, by(who));
    if (!entry) throw new Error('no entry');
    return entry;
  };
  const mentionsOf = (entry: Entry | undefined): Mention[] =>
    entry?.body?.$case === 'messageCreated' ? entry.body.value.mentions : [];
  const counts = async (who: string, roomId: string): Promise<[unread: number, mentions: number]> => {
    const { rooms } = await replica.rooms.listRooms({}, by(who));
    const found = rooms.find(({ room }) => room?.id === roomId);
    const { memberships } = await replica.delivery.listMemberships(
      { userIds: [people.principal(who)?.userId ?? ''] },
      { requestId: 'test' },
    );
    // the connections are told the same number
    expect(memberships.find((m) => m.roomId === roomId)?.mentions).toBe(found?.mentions);
    return [found?.unread ?? -1, found?.mentions ?? -1];
  };
  const user = (id: string, name: string): Mention => ({ kind: USER, id, name });
  const rows = () => opened.database.query('SELECT FROM chat.mentions');

  it('are members, rooms that the author sees, and everybody where the author may call them', async () => {
    const roomId = await create(PUBLIC, undefined, 'boris', 'guest');
    await create(PUBLIC, 'Café Général');
    const secret = await create(PRIVATE, 'secret place');
    const text = '@Boris @clara @nobody @here `@anna` #cafe-general #secret-place #nowhere';
    const entry = await say(roomId, 'anna', text);
    expect(mentionsOf(entry)).toEqual([
      user(boris, 'boris'),
      { kind: HERE },
      { kind: ROOM_LINK, id: expect.any(String), name: 'cafe-general' },
      { kind: ROOM_LINK, id: secret, name: 'secret-place' },
    ]);
    const { entry: read } = await replica.messages.getMessage({ roomId, seq: entry.seq }, by('boris'));
    expect(read).toEqual(entry);
    expect(mentionsOf(await say(roomId, 'boris', '@room @anna #secret-place')).map((m) => m.kind)).toEqual([
      USER,
    ]);
    // who may not look for people names those who are there
    expect(mentionsOf(await say(roomId, 'guest', '@boris'))).toEqual([user(boris, 'boris')]);
    expect(await counts('boris', roomId)).toEqual([2, 2]);
    expect(await counts('anna', roomId)).toEqual([2, 1]);
    expect(await counts('guest', roomId)).toEqual([2, 1]);
  });

  it('may be everybody for its moderators, and for nobody between two', async () => {
    const roomId = await create(PRIVATE, undefined, 'boris', 'clara');
    expect(mentionsOf(await say(roomId, 'boris', '@room'))).toEqual([]);
    await replica.members.updateMember({ roomId, userId: boris, role: RoomRole.MODERATOR }, by('anna'));
    expect(mentionsOf(await say(roomId, 'boris', '@room'))).toEqual([{ kind: ROOM }]);
    expect(await counts('clara', roomId)).toEqual([2, 1]);
    expect(await counts('boris', roomId)).toEqual([0, 0]);
    const { room } = await replica.rooms.openDirectRoom({ username: 'boris' }, by('anna'));
    expect(mentionsOf(await say(room?.id ?? '', 'anna', '@room @boris'))).toEqual([user(boris, 'boris')]);
  });

  it('follow an edit and a deletion at once, and the mark of the reader', async () => {
    const roomId = await create(PRIVATE, undefined, 'boris', 'clara');
    const { seq } = await say(roomId, 'anna', '@boris');
    await say(roomId, 'anna', '@boris @room');
    expect(await counts('boris', roomId)).toEqual([2, 2]);
    const edited = await replica.messages.editMessage({ roomId, seq, text: '@clara' }, by('anna'));
    expect(mentionsOf(edited.entry)).toEqual([user(clara, 'clara')]);
    expect(await counts('boris', roomId)).toEqual([2, 1]);
    expect(await counts('clara', roomId)).toEqual([2, 2]);
    const { entries } = await replica.messages.listEvents({ roomId, after: 0 }, by('boris'));
    expect(entries.at(-1)?.body).toEqual({
      $case: 'messageEdited',
      value: { target: seq, text: '@clara', mentions: [user(clara, 'clara')] },
    });
    await replica.messages.deleteMessage({ roomId, seq }, by('anna'));
    expect(await counts('clara', roomId)).toEqual([1, 1]);
    await replica.members.markRead({ roomId, seq: seq + 1 }, by('clara'));
    expect(await counts('clara', roomId)).toEqual([0, 0]);
  });

  it('are sent in the order in which their author wrote, although some have to be looked up', async () => {
    const roomId = await create(PRIVATE, undefined, 'boris');
    const texts = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? `${i} @boris @nobody${i}` : `${i}`));
    const entries = await Promise.all(texts.map((text) => say(roomId, 'anna', text)));
    expect([...entries].sort((a, b) => a.seq - b.seq)).toEqual(entries);
  });

  const act = fc.record({
    what: fc.constantFrom('say', 'say', 'edit', 'delete', 'read'),
    who: fc.constantFrom('anna', 'boris', 'clara'),
    of: fc.nat(10),
    text: fc
      .subarray(['@anna', '@boris', '@clara', '@room', '@here', '`@anna`', '@nobody'])
      .map((names) => names.join(' ') || 'x'),
  });

  it('are counted as a count of the whole log has it, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 15 }), async (acts) => {
        const roomId = await create(PRIVATE, undefined, 'boris', 'clara');
        const said: { seq: number; who: string }[] = [];
        const read = new Map<string, number>();
        for (const { what, who, of, text } of acts) {
          const target = said[of % Math.max(1, said.length)];
          if (what === 'say') said.push({ seq: (await say(roomId, who, text)).seq, who });
          else if (what === 'read' && target) {
            await replica.members.markRead({ roomId, seq: target.seq }, by(who));
            read.set(who, Math.max(target.seq, read.get(who) ?? 0));
          } else if (what === 'edit' && target)
            await replica.messages
              .editMessage({ roomId, seq: target.seq, text }, by(target.who))
              .catch(() => undefined);
          else if (what === 'delete' && target)
            await replica.messages.deleteMessage({ roomId, seq: target.seq }, by('anna'));
        }
        const { entries } = await replica.messages.listEvents({ roomId, after: 0 }, by('anna'));
        for (const [who, id] of [
          ['anna', anna],
          ['boris', boris],
          ['clara', clara],
        ] as const) {
          const unread = entries.filter(
            ({ seq, actorId, body }) =>
              body?.$case === 'messageCreated' &&
              seq > (read.get(who) ?? 0) &&
              actorId !== id &&
              body.value.deletedAt === undefined,
          );
          const calling = unread.filter((entry) =>
            mentionsOf(entry).some((m) => m.kind === ROOM || m.kind === HERE || m.id === id),
          );
          expect(await counts(who, roomId)).toEqual([unread.length, calling.length]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('go with an account: its own messages’, and its name in those of others', async () => {
    const name = `somebody${++made}`;
    const id = people.add(name);
    const roomId = await create(PRIVATE, undefined, 'boris', name);
    await say(roomId, name, '@boris');
    const { seq } = await say(roomId, 'anna', `@${name} and @boris`);
    expect(await counts('boris', roomId)).toEqual([2, 2]);
    while (!(await replica.erasure.forgetUser({ userId: id }, { requestId: 'test' })).done);
    expect(await counts('boris', roomId)).toEqual([1, 1]);
    const { entry } = await replica.messages.getMessage({ roomId, seq }, by('anna'));
    expect(mentionsOf(entry)).toEqual([user(boris, 'boris')]);
    const kept = await opened.database.query<{ row: string }>(
      `SELECT m::text AS row FROM chat.mentions m
       UNION ALL SELECT e.mentions::text FROM chat.room_events e WHERE e.mentions IS NOT NULL`,
    );
    expect(kept.filter(({ row }) => row.includes(id))).toEqual([]);
  });

  it('go with their room', async () => {
    const before = (await rows()).length;
    const roomId = await create(PRIVATE, undefined, 'boris');
    await say(roomId, 'anna', '@boris @room');
    expect((await rows()).length).toBe(before + 2);
    await replica.rooms.deleteRoom({ roomId }, by('anna'));
    await eventually(async () => (await rows()).length === before);
  });
});
