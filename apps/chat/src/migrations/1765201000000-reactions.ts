import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each reaction has a row, and the message's own row has what a page of history shows of them. */
export class Reactions1765201000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE chat.room_events ADD COLUMN reactions jsonb, ADD COLUMN reactions_seq bigint',
    );
    await runner.query(`
      CREATE TABLE chat.reactions (
        bucket smallint NOT NULL,
        room_id uuid NOT NULL,
        seq bigint NOT NULL,
        user_id uuid NOT NULL,
        emoji text NOT NULL,
        event_seq bigint NOT NULL,
        PRIMARY KEY (bucket, room_id, seq, user_id, emoji),
        CONSTRAINT reactions_bucket_check CHECK (bucket = get_byte(uuid_send(room_id), 15)))`);
    await runner.query('CREATE INDEX reactions_user ON chat.reactions (bucket, room_id, user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat.reactions');
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN reactions_seq, DROP COLUMN reactions');
  }
}
