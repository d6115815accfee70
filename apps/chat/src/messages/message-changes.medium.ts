import { type Entry, RoomKind } from '@veche/contracts';
import type { AppError } from '@veche/errors';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { CHAT_DATABASE } from '../chat.database';

const { PUBLIC, PRIVATE } = RoomKind;

describe('messages that change', () => {
  let opened: TestDatabase;
  let replica: Replica;
  let other: Replica;
  let strict: Replica;
  const people = new People();
  people.add('anna');
  people.add('boris');
  people.add('clara');
  people.add('steward', 'moderator');

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replica = await startReplica(opened.url, bus, { people, poolSize: 5 });
    other = await startReplica(opened.url, bus, { people, poolSize: 5 });
    strict = await startReplica(opened.url, bus, { people, poolSize: 2, settings: { EDIT_WINDOW: 0 } });
  });
  afterAll(async () => {
    await Promise.all([replica, other, strict].map((one) => one.close()));
    await opened.close();
  });

  let made = 0;
  /** A room of anna's. */
  const create = async (kind: RoomKind, ...members: string[]): Promise<string> => {
    const { room } = await replica.rooms.createRoom({ name: `room ${++made}`, kind, members }, by('anna'));
    return room?.id ?? '';
  };
  const say = async (roomId: string, who: string, text: string, clientId: string = randomUUID()) => {
    const { entry } = await replica.messages.sendMessage({ roomId, text, clientId }, by(who));
    return entry?.seq ?? 0;
  };
  const edit = (roomId: string, seq: number, who: string, text: string, at = replica) =>
    at.messages.editMessage({ roomId, seq, text }, by(who));
  const remove = (roomId: string, seq: number, who: string, at = replica) =>
    at.messages.deleteMessage({ roomId, seq }, by(who));
  const logOf = async (roomId: string): Promise<Entry[]> => {
    const { entries, lastSeq } = await other.delivery.listRoomEntries(
      { roomId, after: 0, limit: 1000 },
      { requestId: 'test' },
    );
    expect(entries.map((e) => e.seq)).toEqual(Array.from({ length: lastSeq }, (_, i) => i + 1));
    return entries;
  };
  const codeOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'was not refused',
      (error: AppError) => error.code,
    );
  const messageOf = (entry: Entry | undefined) =>
    entry?.body?.$case === 'messageCreated' ? entry.body.value : undefined;

  it('have their new text wherever they are read, and the moment of the entry that tells of it', async () => {
    const roomId = await create(PRIVATE, 'boris');
    const seq = await say(roomId, 'boris', 'frist');
    const { entry } = await edit(roomId, seq, 'boris', 'first');
    const told = (await logOf(roomId)).at(-1);
    expect(told?.body).toEqual({
      $case: 'messageEdited',
      value: { target: seq, text: 'first', mentions: [] },
    });
    expect(messageOf(entry)).toMatchObject({ text: 'first', editedAt: told?.at });
    const { entries } = await replica.messages.listMessages({ roomId }, by('anna'));
    expect(entries[0]).toEqual(entry);
    const got = await other.messages.getMessage({ roomId, seq }, by('anna'));
    expect(got.entry).toEqual(entry);
    const { rooms } = await replica.rooms.listRooms({}, by('anna'));
    expect(rooms.find(({ room }) => room?.id === roomId)?.lastMessage).toEqual(entry);
  });

  it('that are edited again or deleted leave nothing of what they said, in no entry and in no table', async () => {
    const roomId = await create(PRIVATE, 'boris');
    const secrets = ['secret-one', 'secret-two', 'secret-three'];
    const seq = await say(roomId, 'boris', secrets[0] ?? '');
    await edit(roomId, seq, 'boris', secrets[1] ?? '');
    await edit(roomId, seq, 'boris', secrets[2] ?? '');
    expect((await logOf(roomId)).slice(-2).map(({ body }) => body)).toEqual([
      { $case: 'messageEdited', value: { target: seq, text: 'secret-three', mentions: [] } },
      { $case: 'messageEdited', value: { target: seq, text: 'secret-three', mentions: [] } },
    ]);
    const { entry } = await remove(roomId, seq, 'boris');
    const log = await logOf(roomId);
    expect(log.at(-1)?.body).toEqual({ $case: 'messageDeleted', value: { target: seq } });
    expect(messageOf(entry)).toMatchObject({ text: '', clientId: '', deletedAt: log.at(-1)?.at });
    expect(JSON.stringify(log)).not.toMatch(/secret-/);
    const tables = await opened.database.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema = 'chat'`,
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables) {
      const rows = await opened.database.query(
        `SELECT t::text AS row FROM ${name} t WHERE t::text LIKE '%secret-%'`,
      );
      expect({ name, rows }).toEqual({ name, rows: [] });
    }
    const { rooms } = await replica.rooms.listRooms({}, by('anna'));
    expect(rooms.find(({ room }) => room?.id === roomId)).toMatchObject({ unread: 0, lastMessage: entry });
  });

  it('are changed once by a call that comes again', async () => {
    const roomId = await create(PRIVATE, 'boris');
    const clientId = randomUUID();
    const seq = await say(roomId, 'boris', 'one', clientId);
    for (let i = 0; i < 2; i++) await edit(roomId, seq, 'boris', 'two');
    const sent = await replica.messages.sendMessage({ roomId, text: 'one', clientId }, by('boris'));
    expect(sent).toMatchObject({
      repeated: true,
      entry: { seq, body: { value: { text: 'two', clientId } } },
    });
    for (let i = 0; i < 2; i++) await remove(roomId, seq, 'boris');
    const again = await replica.messages.sendMessage({ roomId, text: 'one', clientId }, by('boris'));
    expect(again).toMatchObject({ repeated: true, entry: { seq, body: { value: { text: '' } } } });
    expect(messageOf(again.entry)?.deletedAt).toBeInstanceOf(Date);
    expect((await logOf(roomId)).slice(seq).map(({ body }) => body?.$case)).toEqual([
      'messageEdited',
      'messageDeleted',
    ]);
  });

  it('are edited and deleted by two replicas at once without a gap, and stay deleted', async () => {
    const roomId = await create(PRIVATE, 'boris');
    const seqs = [];
    for (let i = 0; i < 8; i++) seqs.push(await say(roomId, 'boris', `message ${i}`));
    await Promise.all(
      seqs.flatMap((seq, i) => [
        edit(roomId, seq, 'boris', `edited ${i}`, replica).catch((error: AppError) => error.code),
        remove(roomId, seq, 'anna', other),
        remove(roomId, seq, 'boris', replica),
        say(roomId, 'anna', `meanwhile ${i}`),
      ]),
    );
    const log = await logOf(roomId);
    expect(log.filter(({ body }) => body?.$case === 'messageDeleted')).toHaveLength(seqs.length);
    for (const seq of seqs) expect(messageOf(log[seq - 1])).toMatchObject({ text: '' });
    expect(log.filter(({ body }) => messageOf({ body } as Entry)?.text.startsWith('meanwhile'))).toHaveLength(
      8,
    );
  });

  it('are their authors’, and whoever moderates the room may delete them', async () => {
    const roomId = await create(PUBLIC, 'boris', 'clara');
    const seq = await say(roomId, 'boris', 'mine');
    expect(await codeOf(edit(roomId, seq, 'anna', 'not mine'))).toBe('forbidden');
    expect(await codeOf(remove(roomId, seq, 'clara'))).toBe('forbidden');
    expect(await codeOf(edit(roomId, seq, 'steward', 'x'))).toBe('not_a_member');
    expect(await codeOf(edit(roomId, 1, 'anna', 'no message'))).toBe('message_not_found');
    await remove(roomId, seq, 'steward');
    expect(await codeOf(edit(roomId, seq, 'boris', 'too late'))).toBe('message_not_found');
    const later = await say(roomId, 'boris', 'once more');
    expect(await codeOf(edit(roomId, later, 'boris', 'x', strict))).toBe('edit_window_over');
    expect(await codeOf(remove(roomId, later, 'boris', strict))).toBe('edit_window_over');
    await remove(roomId, later, 'anna', strict);
    await replica.members.leaveRoom({ roomId }, by('clara'));
    const secret = await create(PRIVATE);
    expect(await codeOf(remove(secret, 1, 'steward'))).toBe('room_not_found');
    expect(await codeOf(replica.messages.getMessage({ roomId, seq: 1 }, by('anna')))).toBe(
      'message_not_found',
    );
    expect(await codeOf(replica.messages.getMessage({ roomId, seq }, by('clara')))).toBe('not_a_member');
  });
});
