import type { Entry, SubscribeResponse } from '@veche/contracts';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { type Hearing, hearing } from '../../test/hearing';
import { type Replica, startReplica } from '../../test/replica';
import { createRoom, joined } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';
import { LogService } from './log.service';
import { OutboxService } from './outbox.service';

const entriesOf = (heard: readonly SubscribeResponse[]): Entry[] =>
  heard.flatMap(({ body }) => (body?.$case === 'entries' ? body.value.entries : []));
const seqsOf = (heard: readonly SubscribeResponse[], roomId: string): number[] =>
  entriesOf(heard)
    .filter((e) => e.roomId === roomId)
    .map((e) => e.seq);

describe('the log of a room', () => {
  let opened: TestDatabase;
  let bus: BreakableBus;
  let replicas: [Replica, Replica];
  let hearings: Hearing[];
  let heard: [SubscribeResponse[], SubscribeResponse[]];
  let log: LogService;
  let other: LogService;

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    bus = new BreakableBus();
    replicas = [await startReplica(opened.url, bus), await startReplica(opened.url, bus)];
    hearings = replicas.map((replica) => hearing(replica));
    heard = hearings.map((one) => one.heard) as typeof heard;
    [log, other] = [replicas[0].get(LogService), replicas[1].get(LogService)];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });
  /** A room that both of them hear of, from its first entry on. */
  const create = async (): Promise<string> => {
    const userId = uuid();
    for (const one of hearings) one.users(userId);
    const roomId = await createRoom(replicas[0], 'public', [userId]);
    for (const one of hearings) await one.rooms(roomId);
    return roomId;
  };
  const outboxRows = () => opened.database.query('SELECT id FROM chat.outbox');

  test('is in the tables what the entities say', async () => {
    const { upQueries } = await opened.database.source.driver.createSchemaBuilder().log();
    expect(upQueries.map((q) => q.query)).toEqual([]);
  });

  test('numbers from 1 without gaps, whoever changes the room, and everybody hears it once', async () => {
    const roomId = await create();
    const change = (by: LogService) =>
      by.change(roomId, async () => ({ result: 0, entries: [joined(uuid()), joined(uuid())] }));
    const done = await Promise.all(Array.from({ length: 20 }, (_, i) => change(i % 2 ? log : other)));
    const all = Array.from({ length: 41 }, (_, i) => i + 1);
    expect(done.flatMap((d) => d.entries.map((e) => e.seq)).sort((a, b) => a - b)).toEqual(all.slice(1));
    for (const h of heard) expect(seqsOf(h, roomId).sort((a, b) => a - b)).toEqual(all);
  });

  test('holds what an entry says, and its time', async () => {
    const roomId = await create();
    const before = Date.now() - 1_000;
    const userId = uuid();
    const { entries } = await log.change(roomId, async () => ({ result: 0, entries: [joined(userId)] }));
    expect(entries).toEqual([{ roomId, seq: 2, ...joined(userId), at: expect.any(Date) }]);
    expect(entries[0]?.at?.getTime()).toBeGreaterThan(before);
    expect(entriesOf(heard[1]).filter((e) => e.roomId === roomId && e.seq === 2)).toEqual(entries);
  });

  test('keeps nothing of a change that throws, and tells nothing', async () => {
    const roomId = await create();
    const failing = log.change(roomId, async (tx) => {
      await tx.query(`UPDATE chat.rooms SET topic = 'x' WHERE id = $1`, [roomId]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(log.change(roomId, async (_tx, room) => ({ result: room.topic }))).resolves.toMatchObject({
      result: '',
    });
    expect(seqsOf(heard[0], roomId)).toEqual([1]);
  });

  test('is changed only where there is a room', async () => {
    await expect(log.change(uuid(), async () => ({ result: 0 }))).rejects.toMatchObject({
      code: 'room_not_found',
    });
  });

  test('hints reach everybody who is there, and leave nothing to be told later', async () => {
    const roomId = await create();
    const hint = (seq: number) => {
      const value = { roomId, userId: uuid(), seq, forEverybody: true, revision: 0 };
      return { body: { $case: 'readMark' as const, value } };
    };
    const [told, lost] = [hint(3), hint(4)];
    const before = await outboxRows();
    replicas[0].get(OutboxService).hint(told);
    bus.break();
    replicas[0].get(OutboxService).hint(lost);
    bus.mend();
    const hints = heard.map((h) => h.filter((d) => d.body?.$case === 'readMark'));
    expect(hints).toEqual([[told, lost], [told]]);
    expect(before).toEqual(expect.arrayContaining(await outboxRows()));
  });

  test('the outbox is empty soon after', async () => {
    await eventually(async () => (await outboxRows()).length === 0);
  });

  test('what is committed while the bus is away is heard in this process at once, and by the others later', async () => {
    const roomId = await create();
    bus.break();
    await log.change(roomId, async () => ({ result: 0, entries: [joined(uuid())] }));
    expect(seqsOf(heard[0], roomId)).toEqual([1, 2]);
    expect(seqsOf(heard[1], roomId)).toEqual([1]);
    bus.mend();
    expect(heard[1].at(-1)).toEqual({ body: { $case: 'resync', value: {} } });
    await eventually(() => seqsOf(heard[1], roomId).includes(2));
    await eventually(async () => (await outboxRows()).length === 0);
  });

  test('a commit whose process died before it could tell is told by another', async () => {
    const dying = await startReplica(opened.url, new SilentBus());
    try {
      const roomId = await create();
      await dying.get(LogService).change(roomId, async () => ({ result: 0, entries: [joined(uuid())] }));
      await eventually(() => seqsOf(heard[0], roomId).includes(2) && seqsOf(heard[1], roomId).includes(2));
    } finally {
      await dying.close();
    }
  });
});

/** Hears a publish and never answers: its process has as good as died. */
class SilentBus extends BreakableBus {
  override publish(): Promise<void> {
    return new Promise(() => undefined);
  }
}
