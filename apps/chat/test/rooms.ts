import { v7 as uuid } from 'uuid';
import { DeletionsService } from '../src/deletion/deletions.service';
import { type EntryBody, LogService, type NewEntry } from '../src/log/log.service';
import type { Replica } from './replica';

/** Rooms as the log sees them, without the rules of who may make and change them. */
export const createRoom = async (
  replica: Replica,
  kind: 'public' | 'private',
  [creator, ...others]: readonly [string, ...string[]],
): Promise<string> => {
  const { result } = await replica.get(LogService).create(async (tx) => {
    const id = uuid();
    await tx.query(
      `INSERT INTO chat.rooms (bucket, id, kind, created_by, created_at, member_count)
       VALUES (chat.bucket($1), $1, $2, $3, now(), $4)`,
      [id, kind, creator, 1 + others.length],
    );
    await tx.query(
      `INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
       SELECT chat.bucket($1), $1, u, 'member', now() FROM unnest($2::uuid[]) AS u`,
      [id, [creator, ...others]],
    );
    const body: EntryBody = { $case: 'roomCreated', value: {} };
    return { room: { id }, result: id, entries: [{ actorId: creator, body }, ...others.map(joined)] };
  });
  return result;
};

export const joined = (userId: string): NewEntry => ({
  actorId: userId,
  body: { $case: 'memberJoined', value: { userId } },
});

export const addMember = async (replica: Replica, roomId: string, userId: string): Promise<void> => {
  await replica.get(LogService).change(roomId, async (tx) => {
    const added = await tx.query(
      `INSERT INTO chat.members (bucket, room_id, user_id, role, joined_at)
       VALUES (chat.bucket($1), $1, $2, 'member', now())
       ON CONFLICT DO NOTHING RETURNING user_id`,
      [roomId, userId],
    );
    return { result: undefined, entries: added.map(() => joined(userId)) };
  });
};

export const removeMember = async (replica: Replica, roomId: string, userId: string): Promise<number> => {
  const { entries } = await replica.get(LogService).change(roomId, async (tx) => {
    await tx.query('DELETE FROM chat.members WHERE room_id = $1 AND user_id = $2', [roomId, userId]);
    const body: EntryBody = { $case: 'memberRemoved', value: { userId } };
    return { result: undefined, entries: [{ actorId: userId, body }] };
  });
  return entries[0]?.seq ?? 0;
};

export const deleteRoom = async (replica: Replica, roomId: string): Promise<void> => {
  await replica.get(LogService).change(roomId, async (tx) => ({
    result: undefined,
    signals: [await replica.get(DeletionsService).delete(tx, roomId)],
  }));
};
