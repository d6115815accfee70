import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MessagesAreDeleted1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.room_events ADD COLUMN deleted_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN deleted_at');
  }
}
