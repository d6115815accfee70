import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PeopleAreHere1765202000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // unlogged: after a crash of the database every gateway says anew who is there
    await runner.query(`
      CREATE UNLOGGED TABLE chat.gateways (
        id uuid PRIMARY KEY,
        seen_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE UNLOGGED TABLE chat.presence (
        user_id uuid NOT NULL,
        gateway_id uuid NOT NULL,
        idle boolean NOT NULL,
        PRIMARY KEY (user_id, gateway_id)
      )`);
    await runner.query('CREATE INDEX presence_of_gateway ON chat.presence (gateway_id)');
    await runner.query(`
      CREATE TABLE chat.statuses (
        user_id uuid PRIMARY KEY,
        emoji text,
        text text,
        availability text CHECK (availability IN ('away', 'dnd')),
        until timestamptz,
        last_seen_at timestamptz
      )`);
    await runner.query('CREATE INDEX statuses_that_end ON chat.statuses (until) WHERE until IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chat.statuses, chat.presence, chat.gateways');
  }
}
