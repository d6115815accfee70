import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What searches ask: beside the log, and behind it. Where a message's text is changed or taken out, whoever does it, it
 * is gone from the index in the same transaction; what it says now comes into the index as every message does.
 */
export class MessagesAreFound1765204000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat.search_index (
        bucket smallint NOT NULL,
        room_id uuid NOT NULL,
        seq bigint NOT NULL,
        at timestamptz NOT NULL,
        words tsvector NOT NULL,
        PRIMARY KEY (bucket, room_id, seq)
      )`);
    await runner.query(`
      -- what waits to be sorted in is read by each search: no more of it than takes a moment
      CREATE INDEX search_index_words ON chat.search_index USING gin (words) WITH (gin_pending_list_limit = 256)`);
    await runner.query(`
      CREATE TABLE chat.search_cursors (
        bucket smallint NOT NULL,
        room_id uuid NOT NULL,
        indexed_seq bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (bucket, room_id)
      )`);
    await runner.query(`
      CREATE TABLE chat.search_spans (
        span int PRIMARY KEY,
        messages bigint NOT NULL
      )`);
    await runner.query(`
      -- until its transaction ends nobody indexes in the room: else a text could be read before, and indexed after
      CREATE FUNCTION chat.hold_search(given_bucket smallint, given_room uuid) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM chat.search_cursors WHERE bucket = given_bucket AND room_id = given_room FOR UPDATE;
        IF NOT FOUND THEN
          INSERT INTO chat.search_cursors (bucket, room_id) VALUES (given_bucket, given_room) ON CONFLICT DO NOTHING;
          PERFORM FROM chat.search_cursors WHERE bucket = given_bucket AND room_id = given_room FOR UPDATE;
        END IF;
      END $$`);
    await runner.query(`
      CREATE FUNCTION chat.forget_words() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM chat.hold_search(NEW.bucket, NEW.room_id);
        DELETE FROM chat.search_index WHERE bucket = NEW.bucket AND room_id = NEW.room_id AND seq = NEW.seq;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER room_events_forget_words AFTER UPDATE OF text ON chat.room_events
      FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION chat.forget_words()`);
    await runner.query(`
      CREATE FUNCTION chat.forget_all_words() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM chat.hold_search(bucket, room_id) FROM (SELECT DISTINCT bucket, room_id FROM gone) AS rooms;
        DELETE FROM chat.search_index i USING gone
        WHERE i.bucket = gone.bucket AND i.room_id = gone.room_id AND i.seq = gone.seq;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER room_events_forget_all_words AFTER DELETE ON chat.room_events
      REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION chat.forget_all_words()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER room_events_forget_words ON chat.room_events');
    await runner.query('DROP TRIGGER room_events_forget_all_words ON chat.room_events');
    await runner.query(
      'DROP FUNCTION chat.forget_words(), chat.forget_all_words(), chat.hold_search(smallint, uuid)',
    );
    await runner.query('DROP TABLE chat.search_spans, chat.search_cursors, chat.search_index');
  }
}
