import { looks } from '@veche/lookalikes';
import { fold, nameWords } from '@veche/protocol';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const AT_ONCE = 500;

interface Named {
  id: string;
  kind: string;
  name: string;
}

/** Public rooms are found by each word of their names and look different; names of private ones are their members' own. */
export class NamesAndBounds1765000003100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.rooms DROP CONSTRAINT rooms_name_key_key');
    await runner.query('CREATE INDEX rooms_name_key ON chat.rooms (name_key, id) WHERE name_key IS NOT NULL');
    await runner.query(`
      CREATE TABLE chat.room_looks (
        look text COLLATE "C" PRIMARY KEY,
        room_id uuid NOT NULL
      )`);
    await runner.query('CREATE INDEX room_looks_room ON chat.room_looks (room_id)');
    await runner.query(`
      CREATE TABLE chat.room_words (
        -- compared by bytes: what begins with a text is one range of the index
        word text COLLATE "C" NOT NULL,
        bucket smallint NOT NULL,
        room_id uuid NOT NULL,
        PRIMARY KEY (word, bucket, room_id)
      )`);
    await runner.query('CREATE INDEX room_words_room ON chat.room_words (room_id)');
    await runner.query(`
      CREATE TABLE chat.tallies (
        user_id uuid NOT NULL,
        what text NOT NULL,
        since timestamptz NOT NULL,
        count int NOT NULL,
        PRIMARY KEY (user_id, what)
      )`);
    await this.fill(runner);
  }

  /** In the order in which the rooms were made: of two that look the same, the look is the first one's. */
  private async fill(runner: QueryRunner): Promise<void> {
    for (let after: Named | undefined; ;) {
      const rooms = (await runner.query(
        `SELECT id, kind, name FROM chat.rooms
         WHERE name IS NOT NULL AND ($1::uuid IS NULL OR (created_at, id) >
           (SELECT created_at, id FROM chat.rooms WHERE bucket = chat.bucket($1) AND id = $1))
         ORDER BY created_at, id LIMIT ${AT_ONCE}`,
        [after?.id ?? null],
      )) as Named[];
      if (rooms.length === 0) return;
      after = rooms.at(-1);
      await runner.query(
        `UPDATE chat.rooms SET name_key = given.key FROM unnest($1::uuid[], $2::text[]) AS given (id, key)
         WHERE rooms.bucket = chat.bucket(given.id) AND rooms.id = given.id`,
        [rooms.map((room) => room.id), rooms.map((room) => fold(room.name))],
      );
      const open = rooms.filter(({ kind }) => kind === 'public');
      const seen = open.flatMap((room) => looks(room.name).map((look) => [look, room.id]));
      await runner.query(
        `INSERT INTO chat.room_looks (look, room_id) SELECT * FROM unnest($1::text[], $2::uuid[])
         ON CONFLICT DO NOTHING`,
        [seen.map(([look]) => look), seen.map(([, id]) => id)],
      );
      const words = open.flatMap((room) => nameWords(room.name).map((word) => [word, room.id]));
      await runner.query(
        `INSERT INTO chat.room_words (word, bucket, room_id)
         SELECT word, chat.bucket(id), id FROM unnest($1::text[], $2::uuid[]) AS given (word, id)`,
        [words.map(([word]) => word), words.map(([, id]) => id)],
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat.tallies, chat.room_words, chat.room_looks');
    await runner.query('DROP INDEX chat.rooms_name_key');
    // several rooms may have a name that was to be one room's
    await runner.query(`
      UPDATE chat.rooms SET name_key = lower(name) || CASE WHEN EXISTS (
        SELECT FROM chat.rooms other WHERE lower(other.name) = lower(rooms.name) AND other.id < rooms.id)
        THEN ' ' || id ELSE '' END
      WHERE name IS NOT NULL`);
    await runner.query('ALTER TABLE chat.rooms ADD CONSTRAINT rooms_name_key_key UNIQUE (name_key)');
  }
}
