import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InstallationHasAnId1765000002001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE auth.installation (
        id uuid NOT NULL,
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
      )`);
    await runner.query('INSERT INTO auth.installation (id) VALUES (gen_random_uuid())');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE auth.installation');
  }
}
