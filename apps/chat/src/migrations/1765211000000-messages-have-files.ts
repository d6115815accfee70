import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is put into chat.append_messages, at the places where the words on the left stand once. The function is patched as
 * it is found, and what stands there is put in front of, so that what else was added to it meanwhile stays.
 */
export const PATCHES: readonly (readonly [was: string, is: string])[] = [
  [
    ')\n RETURNS TABLE',
    // as PostgreSQL itself writes it, to be found again
    `, message_attachments jsonb[] DEFAULT NULL::jsonb[], attached_by integer[] DEFAULT NULL::integer[], attached uuid[] DEFAULT NULL::uuid[])
 RETURNS TABLE`,
  ],
  [
    '    careful boolean := false;',
    `    lacking int[];      -- messages whose files are not there to be attached
    careful boolean := false;`,
  ],
  [
    "    moment := date_trunc('milliseconds', clock_timestamp());\n",
    `    moment := date_trunc('milliseconds', clock_timestamp());

    IF attached_by IS NOT NULL THEN
      -- in order of id, so that no two batches wait for each other; a file is for one message
      PERFORM a.id FROM chat.attachments a WHERE a.id = ANY (attached) ORDER BY a.id FOR UPDATE;
      SELECT array_agg(named.i) INTO lacking
      FROM (
        SELECT c.i, c.id, min(c.i) OVER (PARTITION BY c.id) AS first
        FROM unnest(attached_by, attached) AS c (i, id)) named
      WHERE named.i > named.first OR (
        SELECT a.owner_id = authors[named.i] AND a.ready_at IS NOT NULL AND a.room_id IS NULL
        FROM chat.attachments a WHERE a.id = named.id) IS NOT TRUE;
    END IF;
`,
  ],
  [
    '                END AS refusal',
    `                  WHEN m.i = ANY (lacking) THEN 'attachment_not_found'
                END AS refusal`,
  ],
  ['          (bucket, room_id, seq, actor_id,', '          (bucket, attachments, room_id, seq, actor_id,'],
  [
    'SELECT chat.bucket(rooms[m.place]), rooms[m.place], m.seq,',
    'SELECT chat.bucket(rooms[m.place]), m.attachments, rooms[m.place], m.seq,',
  ],
  ['unnest(places, verdicts, seqs, authors,', 'unnest(message_attachments, places, verdicts, seqs, authors,'],
  ['AS m (place, verdict, seq, author_id,', 'AS m (attachments, place, verdict, seq, author_id,'],
  [
    '    UPDATE chat.rooms r SET last_seq',
    `    IF attached_by IS NOT NULL THEN
      UPDATE chat.attachments a SET room_id = rooms[places[c.i]], seq = seqs[c.i]
      FROM unnest(attached_by, attached) AS c (i, id) WHERE a.id = c.id AND verdicts[c.i] = 'append';
    END IF;

    UPDATE chat.rooms r SET last_seq`,
  ],
];

export const patch = async (
  runner: QueryRunner,
  patches: readonly (readonly [was: string, is: string])[],
): Promise<void> => {
  const [found] = (await runner.query(
    "SELECT pg_get_functiondef('chat.append_messages'::regproc) AS sql",
  )) as { sql: string }[];
  let sql = found?.sql ?? '';
  for (const [was, is] of patches) {
    if (sql.split(was).length !== 2) throw new Error(`is not there once: ${was}`);
    sql = sql.replace(was, () => is);
  }
  await runner.query('DROP FUNCTION chat.append_messages');
  await runner.query(sql);
};

/**
 * Files in messages. A file is in one message or in none yet; what is deleted leaves its content behind to be swept, by a
 * trigger, whoever deletes it.
 */
export class MessagesHaveFiles1765211000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat.attachments (
        id uuid PRIMARY KEY,
        owner_id uuid NOT NULL,
        room_id uuid,
        seq bigint,
        name text NOT NULL,
        size bigint NOT NULL,
        sha256 text,
        details jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        ready_at timestamptz,
        CONSTRAINT attachments_place_check CHECK ((room_id IS NULL) = (seq IS NULL)),
        CONSTRAINT attachments_ready_check CHECK (ready_at IS NULL OR (sha256 IS NOT NULL AND details IS NOT NULL)),
        CONSTRAINT attachments_attached_check CHECK (room_id IS NULL OR ready_at IS NOT NULL)
      )`);
    await runner.query('CREATE INDEX attachments_owner ON chat.attachments (owner_id)');
    await runner.query(
      'CREATE INDEX attachments_message ON chat.attachments (room_id, seq) WHERE room_id IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX attachments_sha256 ON chat.attachments (sha256) WHERE sha256 IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX attachments_loose ON chat.attachments (created_at) WHERE room_id IS NULL',
    );
    await runner.query(`
      CREATE TABLE chat.file_sweeps (
        sha256 text PRIMARY KEY,
        due_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX file_sweeps_due ON chat.file_sweeps (due_at)');
    await runner.query(`
      CREATE FUNCTION chat.leave_content() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO chat.file_sweeps AS known (sha256, due_at)
        SELECT DISTINCT gone.sha256, clock_timestamp() + interval '10 minutes'
        FROM gone WHERE gone.sha256 IS NOT NULL ORDER BY gone.sha256
        ON CONFLICT (sha256) DO UPDATE SET due_at = greatest(known.due_at, excluded.due_at);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER attachments_deleted AFTER DELETE ON chat.attachments
      REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION chat.leave_content()`);
    await runner.query('ALTER TABLE chat.room_events ADD COLUMN attachments jsonb');
    await patch(runner, PATCHES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await patch(
      runner,
      PATCHES.map(([was, is]) => [is, was] as const),
    );
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN attachments');
    await runner.query('DROP TABLE chat.attachments');
    await runner.query('DROP FUNCTION chat.leave_content');
    await runner.query('DROP TABLE chat.file_sweeps');
  }
}
