import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountsAreDeleted1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.deletions (
        user_id uuid PRIMARY KEY,
        session_ids uuid[] NOT NULL,
        deleted_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        confirmed_at timestamptz
      )`);
    await runner.query('CREATE INDEX deletions_due ON auth.deletions (due_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.deletions');
  }
}
