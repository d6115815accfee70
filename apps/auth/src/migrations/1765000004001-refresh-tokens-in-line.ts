import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One line of refresh tokens for each session, kept in its row. The newest unused token of a session becomes the first
 * of its line; who holds another one, which was handed out beside it, signs in once more.
 */
export class RefreshTokensInLine1765000004001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.sessions
        ADD COLUMN family_hash bytea UNIQUE,
        ADD COLUMN turn text,
        ADD COLUMN used_turns jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN answer int NOT NULL DEFAULT 0,
        ADD COLUMN turn_answer int NOT NULL DEFAULT 0,
        ADD COLUMN valid_from int NOT NULL DEFAULT 0,
        ADD COLUMN answered boolean NOT NULL DEFAULT true,
        ADD COLUMN device_key text,
        ADD COLUMN proofs jsonb NOT NULL DEFAULT '[]'`);
    await runner.query(`
      UPDATE auth.sessions SET family_hash = newest.hash FROM (
        SELECT DISTINCT ON (session_id) session_id, hash FROM auth.refresh_tokens
        ORDER BY session_id, retired_at IS NULL DESC, created_at DESC
      ) newest WHERE newest.session_id = sessions.id`);
    await runner.query('DROP TABLE auth.refresh_tokens');
  }

  /** Sessions that were renewed since have to begin anew: their tokens cannot be told from what is kept. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.refresh_tokens (
        hash bytea PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES auth.sessions ON DELETE CASCADE,
        parent_hash bytea,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        retired_at timestamptz
      )`);
    await runner.query('CREATE INDEX refresh_tokens_session ON auth.refresh_tokens (session_id)');
    await runner.query('CREATE INDEX refresh_tokens_expiring ON auth.refresh_tokens (expires_at)');
    await runner.query(`
      INSERT INTO auth.refresh_tokens (hash, session_id, created_at, expires_at)
      SELECT family_hash, id, created_at, expires_at FROM auth.sessions
      WHERE family_hash IS NOT NULL AND turn IS NULL`);
    await runner.query(`
      ALTER TABLE auth.sessions DROP COLUMN family_hash, DROP COLUMN turn, DROP COLUMN used_turns,
        DROP COLUMN answer, DROP COLUMN turn_answer, DROP COLUMN valid_from,
        DROP COLUMN answered, DROP COLUMN device_key, DROP COLUMN proofs`);
  }
}
