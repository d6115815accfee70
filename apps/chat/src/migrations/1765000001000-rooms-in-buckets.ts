import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  { table: 'rooms', id: 'id' },
  { table: 'members', id: 'room_id' },
  { table: 'room_events', id: 'room_id' },
];

/**
 * Every key begins with the room's bucket: what belongs to a room stays together wherever the tables are divided. And
 * nothing refers to the row of a room: it goes at once, and what was in the room is swept up later.
 */
export class RoomsInBuckets1765000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- the last byte of a UUID is random in version 7 as in version 4; bucketOf in log/bucket.rules.ts is the same
      CREATE FUNCTION chat.bucket(room_id uuid) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN get_byte(uuid_send(room_id), 15)::smallint`);
    await runner.query('ALTER TABLE chat.members DROP CONSTRAINT members_room_id_fkey');
    await runner.query('ALTER TABLE chat.room_events DROP CONSTRAINT room_events_room_id_fkey');
    for (const { table, id } of TABLES) {
      // written once, as a generated column, and a plain one from then on: a generated one cannot be distributed by
      await runner.query(`
        ALTER TABLE chat.${table} ADD COLUMN bucket smallint NOT NULL
          GENERATED ALWAYS AS (get_byte(uuid_send(${id}), 15)::smallint) STORED`);
      await runner.query(`
        ALTER TABLE chat.${table} ALTER COLUMN bucket DROP EXPRESSION,
          ADD CONSTRAINT ${table}_bucket_check CHECK (bucket = get_byte(uuid_send(${id}), 15)),
          DROP CONSTRAINT ${table}_pkey`);
    }
    await runner.query('ALTER TABLE chat.rooms ADD PRIMARY KEY (bucket, id)');
    await runner.query('ALTER TABLE chat.members ADD PRIMARY KEY (bucket, room_id, user_id)');
    await runner.query('ALTER TABLE chat.room_events ADD PRIMARY KEY (bucket, room_id, seq)');
    await runner.query('DROP INDEX chat.room_events_client_id');
    await runner.query(`
      CREATE UNIQUE INDEX room_events_client_id ON chat.room_events (bucket, room_id, actor_id, client_id)
      WHERE client_id IS NOT NULL`);
    await runner.query(`
      CREATE TABLE chat.former_members (
        bucket smallint NOT NULL,
        room_id uuid NOT NULL,
        user_id uuid NOT NULL,
        PRIMARY KEY (bucket, room_id, user_id)
      )`);
    await runner.query('CREATE INDEX former_members_user_id ON chat.former_members (user_id)');
    await runner.query(`
      INSERT INTO chat.former_members (bucket, room_id, user_id)
      SELECT DISTINCT e.bucket, e.room_id, e.actor_id FROM chat.room_events e
      WHERE e.client_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM chat.members m
        WHERE m.bucket = e.bucket AND m.room_id = e.room_id AND m.user_id = e.actor_id)`);
    await runner.query(`
      CREATE TABLE chat.room_deletions (
        bucket smallint NOT NULL,
        room_id uuid NOT NULL,
        last_seq bigint NOT NULL,
        swept_seq bigint NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (bucket, room_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['room_events', 'members'])
      await runner.query(`
        DELETE FROM chat.${table} t WHERE NOT EXISTS (
          SELECT FROM chat.rooms r WHERE r.bucket = t.bucket AND r.id = t.room_id)`);
    await runner.query('DROP TABLE chat.room_deletions, chat.former_members');
    await runner.query('DROP INDEX chat.room_events_client_id');
    // an author may have chosen the same in two rooms; it was to be unique among all
    await runner.query(`
      UPDATE chat.room_events later SET client_id = later.client_id || '@' || later.room_id
      WHERE later.client_id IS NOT NULL AND EXISTS (
        SELECT FROM chat.room_events e
        WHERE e.actor_id = later.actor_id AND e.client_id = later.client_id AND e.room_id < later.room_id)`);
    // with its column goes each key that the bucket is part of
    for (const { table } of TABLES) await runner.query(`ALTER TABLE chat.${table} DROP COLUMN bucket`);
    await runner.query('ALTER TABLE chat.rooms ADD PRIMARY KEY (id)');
    await runner.query('ALTER TABLE chat.members ADD PRIMARY KEY (room_id, user_id)');
    await runner.query('ALTER TABLE chat.room_events ADD PRIMARY KEY (room_id, seq)');
    for (const table of ['members', 'room_events'])
      await runner.query(
        `ALTER TABLE chat.${table} ADD FOREIGN KEY (room_id) REFERENCES chat.rooms ON DELETE CASCADE`,
      );
    await runner.query(`
      CREATE UNIQUE INDEX room_events_client_id ON chat.room_events (actor_id, client_id)
      WHERE client_id IS NOT NULL`);
    await runner.query('DROP FUNCTION chat.bucket(uuid)');
  }
}
