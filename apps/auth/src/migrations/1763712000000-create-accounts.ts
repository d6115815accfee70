import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccounts1763712000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // "C": an index in byte order serves uniqueness, beginnings (LIKE 'x%') and the order of pages at once
    await runner.query(`
      CREATE TABLE auth.users (
        id uuid PRIMARY KEY,
        username text NOT NULL,
        username_key text COLLATE "C" NOT NULL CONSTRAINT users_username_key UNIQUE,
        email text NOT NULL,
        email_key text COLLATE "C" NOT NULL CONSTRAINT users_email_key UNIQUE,
        password_hash text NOT NULL,
        display_name text NOT NULL,
        display_name_key text COLLATE "C" NOT NULL,
        bio text NOT NULL DEFAULT '',
        role text NOT NULL CHECK (role IN ('guest', 'user', 'moderator', 'admin')),
        created_at timestamptz NOT NULL,
        disabled_at timestamptz
      )`);
    await runner.query(`CREATE INDEX users_display_name_key ON auth.users (display_name_key)`);

    // One row at most: whoever inserts it is the first account. Two who register at once meet at its primary key.
    await runner.query(`
      CREATE TABLE auth.first_account (
        lone boolean PRIMARY KEY DEFAULT true CHECK (lone),
        user_id uuid NOT NULL
      )`);

    await runner.query(`
      CREATE TABLE auth.sessions (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
        app_id text NOT NULL,
        device_name text NOT NULL,
        ip text NOT NULL,
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        CHECK ((ended_at IS NULL) = (end_reason IS NULL))
      )`);
    await runner.query(`CREATE INDEX sessions_user ON auth.sessions (user_id, last_seen_at DESC)`);
    await runner.query(`CREATE INDEX sessions_expiring ON auth.sessions (expires_at) WHERE ended_at IS NULL`);
    await runner.query(`CREATE INDEX sessions_ended ON auth.sessions (ended_at) WHERE ended_at IS NOT NULL`);

    await runner.query(`
      CREATE TABLE auth.refresh_tokens (
        hash bytea PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES auth.sessions ON DELETE CASCADE,
        parent_hash bytea,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        retired_at timestamptz
      )`);
    await runner.query(`CREATE INDEX refresh_tokens_session ON auth.refresh_tokens (session_id)`);
    await runner.query(`CREATE INDEX refresh_tokens_expiring ON auth.refresh_tokens (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.refresh_tokens, auth.sessions, auth.first_account, auth.users');
  }
}
