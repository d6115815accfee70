import { look, looks } from '@veche/lookalikes';
import { fold, nameWords } from '@veche/protocol';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const AT_ONCE = 500;

interface Named {
  id: string;
  username: string;
  display_name: string;
}

/** People are found by each word of their names, and nobody takes a username that looks like another's. */
export class NamesAndLooks1765000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.username_looks (
        look text COLLATE "C" PRIMARY KEY,
        user_id uuid NOT NULL,
        kept_until timestamptz
      )`);
    await runner.query('CREATE INDEX username_looks_user ON auth.username_looks (user_id)');
    await runner.query(
      'CREATE INDEX username_looks_kept ON auth.username_looks (kept_until) WHERE kept_until IS NOT NULL',
    );
    await runner.query(`
      CREATE TABLE auth.user_words (
        -- compared by bytes: what begins with a text is one range of the index
        word text COLLATE "C" NOT NULL,
        user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
        PRIMARY KEY (word, user_id)
      )`);
    await runner.query('CREATE INDEX user_words_user ON auth.user_words (user_id)');
    await runner.query('DROP INDEX auth.users_display_name_key');
    await runner.query(
      `ALTER TABLE auth.users ADD COLUMN display_name_look text COLLATE "C" NOT NULL DEFAULT ''`,
    );
    await this.fill(runner);
    await runner.query('ALTER TABLE auth.users ALTER COLUMN display_name_look DROP DEFAULT');
    await runner.query('CREATE INDEX users_display_name_look ON auth.users (display_name_look)');
  }

  /** In the order in which the accounts were made: of two that look the same, the look is the first one's. */
  private async fill(runner: QueryRunner): Promise<void> {
    for (let after: Named | undefined; ;) {
      const users = (await runner.query(
        `SELECT id, username, display_name FROM auth.users
         WHERE $1::uuid IS NULL OR (created_at, id) > (SELECT created_at, id FROM auth.users WHERE id = $1)
         ORDER BY created_at, id LIMIT ${AT_ONCE}`,
        [after?.id ?? null],
      )) as Named[];
      if (users.length === 0) return;
      after = users.at(-1);
      await runner.query(
        `UPDATE auth.users SET display_name_key = given.key, display_name_look = given.look
         FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given (id, key, look) WHERE users.id = given.id`,
        [
          users.map((user) => user.id),
          users.map((user) => fold(user.display_name)),
          users.map((user) => look(user.display_name)),
        ],
      );
      const words = users.flatMap((user) =>
        [...new Set([user.username, user.display_name].flatMap(nameWords))].map((word) => [word, user.id]),
      );
      await runner.query(
        'INSERT INTO auth.user_words (word, user_id) SELECT * FROM unnest($1::text[], $2::uuid[])',
        [words.map(([word]) => word), words.map(([, id]) => id)],
      );
      const seen = users.flatMap((user) => looks(user.username).map((of) => [of, user.id]));
      await runner.query(
        `INSERT INTO auth.username_looks (look, user_id) SELECT * FROM unnest($1::text[], $2::uuid[])
         ON CONFLICT DO NOTHING`,
        [seen.map(([of]) => of), seen.map(([, id]) => id)],
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.user_words, auth.username_looks');
    await runner.query('ALTER TABLE auth.users DROP COLUMN display_name_look');
    await runner.query('UPDATE auth.users SET display_name_key = lower(display_name)');
    await runner.query('CREATE INDEX users_display_name_key ON auth.users (display_name_key)');
  }
}
