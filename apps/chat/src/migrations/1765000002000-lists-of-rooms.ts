import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists of rooms read: when a room was last active, and its messages without what lies between them. */
export class ListsOfRooms1765000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.rooms ADD COLUMN last_at timestamptz NOT NULL DEFAULT now()');
    await runner.query(`
      UPDATE chat.rooms r SET last_at = COALESCE(
        (SELECT e.at FROM chat.room_events e WHERE e.bucket = r.bucket AND e.room_id = r.id AND e.seq = r.last_seq), r.created_at)`);
    // no wider than the primary key: the planner would take that one, and read through whatever lies between messages
    await runner.query(`
      CREATE INDEX room_events_messages ON chat.room_events (bucket, room_id, seq)
      WHERE type = 'message.created'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat.room_events_messages');
    await runner.query('ALTER TABLE chat.rooms DROP COLUMN last_at');
  }
}
