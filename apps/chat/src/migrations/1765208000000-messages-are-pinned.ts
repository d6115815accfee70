import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A message's own row says whether it is pinned, and an index of those alone is the list of them. */
export class MessagesArePinned1765208000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE chat.room_events ADD COLUMN pinned_by uuid, ADD COLUMN pinned_at timestamptz',
    );
    await runner.query(`
      CREATE INDEX room_events_pinned ON chat.room_events (bucket, room_id, pinned_at) WHERE pinned_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chat.room_events_pinned');
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN pinned_at, DROP COLUMN pinned_by');
  }
}
