import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has left a room by themselves is asked before they are in it again. Who left before this is added as before. */
export class WhoLeftIsAsked1765213000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat.former_members
        ADD COLUMN by_choice boolean NOT NULL DEFAULT false,
        ADD COLUMN invited_by uuid,
        ADD COLUMN invited_at timestamptz,
        ADD CONSTRAINT former_members_invited_check CHECK ((invited_by IS NULL) = (invited_at IS NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat.former_members DROP COLUMN by_choice, DROP COLUMN invited_by, DROP COLUMN invited_at`);
  }
}
