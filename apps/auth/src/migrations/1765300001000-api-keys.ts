import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiKeys1765300001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.api_keys (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        scopes text[] NOT NULL,
        hint text NOT NULL,
        secret_hash bytea NOT NULL UNIQUE,
        previous_hash bytea UNIQUE,
        previous_until timestamptz,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        changed_at timestamptz NOT NULL,
        revoked_at timestamptz,
        CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
      )`);
    await runner.query('CREATE INDEX api_keys_changed ON auth.api_keys (changed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.api_keys');
  }
}
