import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that another system keeps: without a password, and with an address that nobody signs in by. */
export class ExternalUsers1765300002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE auth.users
        ALTER COLUMN email DROP NOT NULL, ALTER COLUMN email_key DROP NOT NULL, ALTER COLUMN password_hash DROP NOT NULL,
        ADD CONSTRAINT users_sign_in CHECK ((email_key IS NULL) = (password_hash IS NULL))`);
    await runner.query(`
      CREATE TABLE auth.external_users (
        namespace text COLLATE "C" NOT NULL,
        external_id text COLLATE "C" NOT NULL,
        user_id uuid UNIQUE REFERENCES auth.users ON DELETE SET NULL,
        told jsonb,
        gone_at timestamptz,
        PRIMARY KEY (namespace, external_id)
      )`);
    await runner.query(
      'CREATE INDEX external_users_gone ON auth.external_users (gone_at) WHERE gone_at IS NOT NULL',
    );
    await runner.query('ALTER TABLE auth.sessions ADD COLUMN issued_by text COLLATE "C"');
    await runner.query(`
      CREATE UNIQUE INDEX sessions_issued ON auth.sessions (user_id, issued_by)
      WHERE issued_by IS NOT NULL AND ended_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.external_users');
    await runner.query('ALTER TABLE auth.sessions DROP COLUMN issued_by');
    await runner.query('DELETE FROM auth.users WHERE password_hash IS NULL');
    await runner.query(`
      ALTER TABLE auth.users DROP CONSTRAINT users_sign_in,
        ALTER COLUMN email SET NOT NULL, ALTER COLUMN email_key SET NOT NULL, ALTER COLUMN password_hash SET NOT NULL`);
  }
}
