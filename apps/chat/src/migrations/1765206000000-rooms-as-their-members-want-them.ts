import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a member wants of a room stands where they are its member, and goes with that. */
export class RoomsAsTheirMembersWantThem1765206000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat.members
        ADD COLUMN level text CONSTRAINT members_level_check CHECK (level IN ('all', 'mentions', 'nothing')),
        ADD COLUMN muted boolean NOT NULL DEFAULT false,
        ADD COLUMN muted_until timestamptz,
        ADD COLUMN favourite boolean NOT NULL DEFAULT false,
        ADD COLUMN hidden_seq bigint,
        ADD COLUMN revision int NOT NULL DEFAULT 0`);
    await runner.query(`
      CREATE TABLE chat.preferences (
        user_id uuid PRIMARY KEY,
        public_level text CHECK (public_level IN ('all', 'mentions', 'nothing')),
        private_level text CHECK (private_level IN ('all', 'mentions', 'nothing')),
        direct_level text CHECK (direct_level IN ('all', 'mentions', 'nothing'))
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat.preferences');
    await runner.query(`
      ALTER TABLE chat.members DROP COLUMN level, DROP COLUMN muted, DROP COLUMN muted_until, DROP COLUMN favourite,
        DROP COLUMN hidden_seq, DROP COLUMN revision`);
  }
}
