import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountsChange1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth.users ADD COLUMN changed_at timestamptz');
    await runner.query('CREATE INDEX users_changed ON auth.users (changed_at) WHERE changed_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth.users DROP COLUMN changed_at');
  }
}
