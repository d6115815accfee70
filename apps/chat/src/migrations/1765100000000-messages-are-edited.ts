import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens to a message names it by its number, and leaves its mark in the message's own row. */
export class MessagesAreEdited1765100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE chat.room_events ADD COLUMN target bigint, ADD COLUMN edited_at timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN edited_at, DROP COLUMN target');
  }
}
