import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_MESSAGES as BEFORE } from './1765000005000-seen-client-ids-are-found-by-the-index';

const replaced = (sql: string, was: string, is: string): string => {
  if (sql.split(was).length !== 2) throw new Error(`is not there once: ${was}`);
  return sql.replace(was, () => is);
};

/**
 * As before, with what messages mention. Batches without mentions give no arrays: unnest fills up with nulls. A replica
 * of before calls it as it did.
 */
export const APPEND_MESSAGES = [
  [
    'texts text[]\n',
    `texts text[],
    message_mentions jsonb[] DEFAULT NULL, -- for each message
    called_by int[] DEFAULT NULL,          -- for each call, by which message
    called uuid[] DEFAULT NULL             -- and whom
`,
  ],
  ['client_id, reply_to, at)\n', 'client_id, reply_to, mentions, at)\n'],
  ['m.client_id, m.reply_to, moment\n', 'm.client_id, m.reply_to, m.mentions, moment\n'],
  [
    `unnest(places, verdicts, seqs, authors, ids, texts, client_ids, reply_tos)
          AS m (place, verdict, seq, author_id, id, text, client_id, reply_to)`,
    `unnest(places, verdicts, seqs, authors, ids, texts, client_ids, reply_tos, message_mentions)
          AS m (place, verdict, seq, author_id, id, text, client_id, reply_to, mentions)`,
  ],
  [
    '    UPDATE chat.rooms r SET last_seq',
    `    IF called_by IS NOT NULL THEN
      INSERT INTO chat.mentions (bucket, room_id, seq, user_id, author_id)
      SELECT chat.bucket(rooms[places[c.i]]), rooms[places[c.i]], seqs[c.i], c.user_id, authors[c.i]
      FROM unnest(called_by, called) AS c (i, user_id) WHERE verdicts[c.i] = 'append';
    END IF;

    UPDATE chat.rooms r SET last_seq`,
  ],
].reduce((sql, [was = '', is = '']) => replaced(sql, was, is), BEFORE);

/** Whom a message calls is kept with it, and in a table of its own where what is unread of it is counted. */
export class MessagesMention1765203000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.room_events ADD COLUMN mentions jsonb');
    await runner.query(`
      CREATE TABLE chat.mentions (
        bucket smallint NOT NULL CONSTRAINT mentions_bucket_check CHECK (bucket = get_byte(uuid_send(room_id), 15)),
        room_id uuid NOT NULL,
        seq bigint NOT NULL,
        user_id uuid NOT NULL,
        author_id uuid NOT NULL,
        PRIMARY KEY (bucket, room_id, seq, user_id)
      )`);
    await runner.query('CREATE INDEX mentions_user ON chat.mentions (user_id, bucket, room_id, seq)');
    await runner.query(`
      CREATE INDEX rooms_link_name ON chat.rooms (replace(name_key, ' ', '-')) WHERE name_key IS NOT NULL`);
    await runner.query('DROP FUNCTION chat.append_messages');
    await runner.query(APPEND_MESSAGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION chat.append_messages');
    await runner.query(BEFORE);
    await runner.query('DROP INDEX chat.rooms_link_name');
    await runner.query('DROP TABLE chat.mentions');
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN mentions');
  }
}
