import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RoomsAndTheirLogs1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat.rooms (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        name text,
        -- compared by bytes: the same order everywhere, and one in which LIKE 'prefix%' finds by index
        name_key text COLLATE "C" UNIQUE,
        topic text NOT NULL DEFAULT '',
        direct_key text UNIQUE,
        created_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        last_seq bigint NOT NULL DEFAULT 0,
        member_count int NOT NULL DEFAULT 0
      )`);
    await runner.query(`
      CREATE TABLE chat.members (
        room_id uuid NOT NULL REFERENCES chat.rooms ON DELETE CASCADE,
        user_id uuid NOT NULL,
        role text NOT NULL,
        joined_at timestamptz NOT NULL,
        read_seq bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (room_id, user_id)
      )`);
    await runner.query('CREATE INDEX members_user_id ON chat.members (user_id)');
    await runner.query(`
      CREATE TABLE chat.room_events (
        room_id uuid NOT NULL REFERENCES chat.rooms ON DELETE CASCADE,
        seq bigint NOT NULL CHECK (seq > 0),
        type text NOT NULL,
        actor_id uuid NOT NULL,
        at timestamptz NOT NULL,
        message_id uuid,
        text text,
        client_id text,
        reply_to bigint,
        data jsonb,
        PRIMARY KEY (room_id, seq)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX room_events_client_id ON chat.room_events (actor_id, client_id)
      WHERE client_id IS NOT NULL`);
    await runner.query(`
      CREATE TABLE chat.outbox (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        due_at timestamptz NOT NULL,
        payload jsonb NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat.outbox, chat.room_events, chat.members, chat.rooms');
  }
}
