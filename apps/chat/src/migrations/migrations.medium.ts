import { openDatabase } from '@veche/database';
import { testDatabaseUrl } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { CHAT_DATABASE } from '../chat.database';
import { bucketOf } from '../log/bucket.rules';
import { MessagesAreDeleted1764200000000 } from './1764200000000-messages-are-deleted';
import { RoomsAndTheirLogs1764000000000 } from './1764000000000-rooms-and-their-logs';
import { RoomsInBuckets1765000001000 } from './1765000001000-rooms-in-buckets';

const FIRST = [RoomsAndTheirLogs1764000000000, MessagesAreDeleted1764200000000];
const AFTER = CHAT_DATABASE.migrations.filter((m) => !(FIRST as unknown[]).includes(m));

test('a database of before keeps what is in it, and a step taken back does too', async () => {
  const { url, drop } = await testDatabaseUrl();
  const options = { ...CHAT_DATABASE, url, poolSize: 2 };
  const before = await openDatabase({ ...options, migrations: FIRST });
  const [roomId, otherId, anna, boris] = [uuid(), uuid(), uuid(), uuid()];
  const log = `SELECT room_id, seq, actor_id, text, client_id FROM chat.room_events ORDER BY room_id, seq`;
  for (const id of [roomId, otherId]) {
    await before.query(
      `INSERT INTO chat.rooms (id, kind, created_by, created_at, last_seq, member_count)
       VALUES ($1, 'public', $2, now(), 2, 1)`,
      [id, anna],
    );
    await before.query(`INSERT INTO chat.members VALUES ($1, $2, 'owner', now(), 1)`, [id, anna]);
    for (const [i, actor] of [anna, boris].entries())
      await before.query(
        `INSERT INTO chat.room_events (room_id, seq, type, actor_id, at, message_id, text, client_id)
         VALUES ($1, $2, 'message.created', $3, now(), $4, 'text', $5)`,
        [id, i + 1, actor, uuid(), `${id} ${i}`],
      );
  }
  const entries = await before.query(log);
  await before.source.destroy();

  const after = await openDatabase(options);
  expect(await after.query(log)).toEqual(entries);
  for (const table of ['members', 'room_events'])
    for (const row of await after.query<{ bucket: number; room_id: string }>(`SELECT * FROM chat.${table}`))
      expect(row.bucket).toBe(bucketOf(row.room_id));
  // who wrote and is no member is found by it when their account goes
  expect(await after.query('SELECT room_id, user_id FROM chat.former_members ORDER BY room_id')).toEqual(
    [roomId, otherId].map((id) => ({ room_id: id, user_id: boris })),
  );
  await expect(
    after.query(`UPDATE chat.rooms SET bucket = (bucket + 1) % 256 WHERE id = $1`, [roomId]),
  ).rejects.toThrow('rooms_bucket_check');

  // as it is allowed now, and was not before
  await after.query(`UPDATE chat.room_events SET client_id = 'the same' WHERE seq = 1`);
  const runner = after.source.createQueryRunner();
  for (const Step of [...AFTER].reverse()) await new Step().down(runner);
  const ids = await after.query<{ client_id: string }>(
    `SELECT client_id FROM chat.room_events WHERE seq = 1 ORDER BY room_id`,
  );
  expect(ids.map((row) => row.client_id)).toEqual(['the same', `the same@${otherId}`]);
  await after.query('DELETE FROM chat.rooms WHERE id = $1', [roomId]);
  expect(await after.query('SELECT DISTINCT room_id FROM chat.room_events')).toEqual([{ room_id: otherId }]);
  await new RoomsInBuckets1765000001000().up(runner);
  expect(await after.query('SELECT room_id FROM chat.former_members')).toEqual([{ room_id: otherId }]);
  await runner.release();
  await after.source.destroy();
  await drop();
});
