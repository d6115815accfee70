import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPEND_MESSAGES as WITH_MENTIONS } from './1765203000000-messages-mention';
import { PATCHES, patch } from './1765211000000-messages-have-files';

/**
 * As before, with threads, and written out whole. Batches without replies in threads ask and write nothing more. What it
 * told of messages that were there already was not read any more.
 */
const APPEND_MESSAGES = `
  CREATE FUNCTION chat.append_messages(
    rooms uuid[],       -- each once
    places int[],       -- for each message, which of them it is for
    authors uuid[],
    ids uuid[],
    client_ids text[],
    reply_tos bigint[],
    texts text[],
    -- what follows is left out where no message of the batch has any: unnest fills up with nulls
    message_mentions jsonb[] DEFAULT NULL, -- for each message
    called_by int[] DEFAULT NULL,          -- for each call, by which message
    called uuid[] DEFAULT NULL,            -- and whom
    message_attachments jsonb[] DEFAULT NULL, -- for each message
    attached_by int[] DEFAULT NULL,        -- for each file, to which message
    attached uuid[] DEFAULT NULL,          -- and which
    thread_seqs bigint[] DEFAULT NULL,     -- for each message, what its thread hangs on
    in_room bool[] DEFAULT NULL            -- and whether it is shown in the room too
  ) RETURNS TABLE (
    verdict text,       -- append, original, twin, held, or the code with which it is refused
    seq bigint,         -- of append and original
    twin_of int,        -- which message of the batch it shares its fate with
    at timestamptz,
    thread_author uuid  -- of append: who wrote what its thread hangs on
  ) LANGUAGE plpgsql
  -- a plan is made once for each session, perhaps while the tables are empty: it must be right for full ones. Nothing
  -- but probes of an index is; each asks for the first row at or after a key in the index's own order, which is a
  -- question that no other index answers
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
  AS $$
  #variable_conflict use_column
  DECLARE
    kinds text[];       -- of rooms; null where a room is not locked
    tails bigint[];     -- of rooms, their last numbers
    moment timestamptz;
    verdicts text[];    -- of messages, and so are the next two
    seqs bigint[];
    firsts int[];
    lacking int[];      -- messages whose files are not there to be attached
    astray text[];      -- of messages, why there can be no thread where they want to be in one
    thread_authors uuid[];
    careful boolean := false; -- whether client ids are looked for before anything is written
  BEGIN
    SELECT array_agg(locked.kind ORDER BY wanted.i), array_agg(locked.last_seq ORDER BY wanted.i)
    INTO kinds, tails
    FROM unnest(rooms) WITH ORDINALITY AS wanted (id, i)
    LEFT JOIN LATERAL (
      SELECT r.kind, r.last_seq FROM chat.rooms r
      WHERE r.bucket = chat.bucket(wanted.id) AND r.id = wanted.id
      FOR UPDATE SKIP LOCKED) locked ON true;

    -- from here on the rooms stand still, and each statement sees all that was committed before

    -- after the locks: a room's times are in the order of its numbers
    moment := date_trunc('milliseconds', clock_timestamp());

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

    IF thread_seqs IS NOT NULL THEN
      SELECT array_agg(root.actor_id ORDER BY m.i),
        array_agg(CASE
          WHEN m.thread_seq IS NULL THEN NULL
          WHEN (root.room_id, root.seq) = (rooms[m.place], m.thread_seq) IS NOT TRUE
            OR root.type NOT IN ('message.created', 'message.in_thread')
            -- what was deleted begins no thread; one that it has goes on
            OR (root.deleted_at IS NOT NULL AND root.thread IS NULL) THEN 'message_not_found'
          WHEN root.thread_seq IS NOT NULL THEN 'already_in_thread'
        END ORDER BY m.i)
      INTO thread_authors, astray
      FROM unnest(places, thread_seqs) WITH ORDINALITY AS m (place, thread_seq, i)
      LEFT JOIN LATERAL (
        SELECT e.room_id, e.seq, e.type, e.actor_id, e.deleted_at, e.thread, e.thread_seq FROM chat.room_events e
        WHERE m.thread_seq IS NOT NULL
          AND (e.bucket, e.room_id, e.seq) >= (chat.bucket(rooms[m.place]), rooms[m.place], m.thread_seq)
        ORDER BY e.bucket, e.room_id, e.seq LIMIT 1) root ON true;
    END IF;

    LOOP
      SELECT array_agg(numbered.verdict ORDER BY numbered.i), array_agg(numbered.seq ORDER BY numbered.i),
        array_agg(numbered.first ORDER BY numbered.i)
      INTO verdicts, seqs, firsts
      FROM (
        SELECT judged.i, judged.verdict, judged.first,
          CASE judged.verdict
            WHEN 'original' THEN judged.original
            WHEN 'append' THEN tails[judged.place]
              + count(*) FILTER (WHERE judged.verdict = 'append') OVER (PARTITION BY judged.place ORDER BY judged.i)
          END AS seq
        FROM (
          SELECT compared.i, compared.place, compared.original, compared.first,
            CASE
              WHEN compared.original IS NOT NULL THEN 'original'
              WHEN compared.i > compared.first THEN 'twin'
              ELSE coalesce(compared.refusal, 'append')
            END AS verdict
          FROM (
            -- of those that share a client id, the first that may be appended
            SELECT known.*,
              min(known.i) FILTER (WHERE known.refusal IS NULL AND known.original IS NULL)
                OVER (PARTITION BY known.place, known.author_id, known.client_id) AS first
            FROM (
              SELECT m.i::int, m.place, m.author_id, m.client_id,
                CASE WHEN careful AND kinds[m.place] IS NOT NULL THEN (
                  SELECT CASE WHEN (e.room_id, e.actor_id, e.client_id) = (rooms[m.place], m.author_id, m.client_id)
                           THEN e.seq END
                  FROM chat.room_events e
                  WHERE e.client_id IS NOT NULL AND (e.bucket, e.room_id, e.actor_id, e.client_id)
                    >= (chat.bucket(rooms[m.place]), rooms[m.place], m.author_id, m.client_id)
                  ORDER BY e.bucket, e.room_id, e.actor_id, e.client_id LIMIT 1)
                END AS original,
                CASE
                  WHEN kinds[m.place] IS NULL THEN
                    CASE WHEN (
                      SELECT true FROM chat.rooms r
                      WHERE r.bucket = chat.bucket(rooms[m.place]) AND r.id = rooms[m.place])
                    THEN 'held' ELSE 'room_not_found' END
                  WHEN (
                    SELECT (p.room_id, p.user_id) = (rooms[m.place], m.author_id) FROM chat.members p
                    WHERE (p.bucket, p.room_id, p.user_id)
                      >= (chat.bucket(rooms[m.place]), rooms[m.place], m.author_id)
                    ORDER BY p.bucket, p.room_id, p.user_id LIMIT 1) IS NOT TRUE
                  THEN CASE kinds[m.place] WHEN 'public' THEN 'not_a_member' ELSE 'room_not_found' END
                  WHEN m.reply_to IS NOT NULL AND (
                    SELECT (e.room_id, e.seq) = (rooms[m.place], m.reply_to)
                      AND e.type IN ('message.created', 'message.in_thread')
                    FROM chat.room_events e
                    WHERE (e.bucket, e.room_id, e.seq) >= (chat.bucket(rooms[m.place]), rooms[m.place], m.reply_to)
                    ORDER BY e.bucket, e.room_id, e.seq LIMIT 1) IS NOT TRUE
                  THEN 'message_not_found'
                  WHEN astray[m.i] IS NOT NULL THEN astray[m.i]
                  WHEN m.i = ANY (lacking) THEN 'attachment_not_found'
                END AS refusal
              FROM unnest(places, authors, client_ids, reply_tos) WITH ORDINALITY
                AS m (place, author_id, client_id, reply_to, i)
              -- kept apart: the planner would put the parts into each other, and ask each question twice
              OFFSET 0) known) compared) judged) numbered;

      -- who is refused may have been answered before, when they were not
      IF NOT careful AND NOT verdicts <@ ARRAY['append', 'twin', 'held'] THEN
        careful := true;
        CONTINUE;
      END IF;

      BEGIN
        INSERT INTO chat.room_events
          (bucket, room_id, seq, actor_id, type, message_id, text, client_id, reply_to, mentions, attachments, thread_seq,
           at)
        SELECT chat.bucket(rooms[m.place]), rooms[m.place], m.seq, m.author_id,
          CASE WHEN m.thread_seq IS NULL OR m.in_room THEN 'message.created' ELSE 'message.in_thread' END, m.id, m.text,
          m.client_id, m.reply_to, m.mentions, m.attachments, m.thread_seq, moment
        FROM unnest(places, verdicts, seqs, authors, ids, texts, client_ids, reply_tos, message_mentions,
            message_attachments, thread_seqs, in_room)
          AS m (place, verdict, seq, author_id, id, text, client_id, reply_to, mentions, attachments, thread_seq, in_room)
        WHERE m.verdict = 'append';
        EXIT;
      EXCEPTION WHEN unique_violation THEN
        IF careful THEN RAISE; END IF;
        careful := true;
      END;
    END LOOP;

    IF called_by IS NOT NULL THEN
      INSERT INTO chat.mentions (bucket, room_id, seq, user_id, author_id)
      SELECT chat.bucket(rooms[places[c.i]]), rooms[places[c.i]], seqs[c.i], c.user_id, authors[c.i]
      FROM unnest(called_by, called) AS c (i, user_id) WHERE verdicts[c.i] = 'append';
    END IF;

    IF attached_by IS NOT NULL THEN
      UPDATE chat.attachments a SET room_id = rooms[places[c.i]], seq = seqs[c.i]
      FROM unnest(attached_by, attached) AS c (i, id) WHERE a.id = c.id AND verdicts[c.i] = 'append';
    END IF;

    IF thread_seqs IS NOT NULL THEN
      -- in one order, as whoever else holds several messages of a room
      PERFORM e.seq
      FROM (
        SELECT DISTINCT chat.bucket(rooms[m.place]) AS bucket, rooms[m.place] AS room_id, m.thread_seq
        FROM unnest(places, verdicts, thread_seqs) AS m (place, verdict, thread_seq)
        WHERE m.verdict = 'append' AND m.thread_seq IS NOT NULL) grown
      JOIN chat.room_events e ON e.bucket = grown.bucket AND e.room_id = grown.room_id AND e.seq = grown.thread_seq
      ORDER BY e.bucket, e.room_id, e.seq FOR UPDATE OF e;

      -- as foldReply has it (libs/protocol), for all of the batch at once
      UPDATE chat.room_events e SET thread = jsonb_build_object(
        'replies', coalesce((e.thread ->> 'replies')::int, 0) + grown.replies,
        'lastSeq', grown.last, 'lastAt', moment, 'countedSeq', grown.last,
        'participants', (
          SELECT jsonb_agg(said.id ORDER BY said.place)
          FROM (
            SELECT one.id, min(one.place) AS place
            FROM (
              SELECT a.id::text AS id, a.place FROM unnest(grown.authors) WITH ORDINALITY AS a (id, place)
              UNION ALL
              SELECT b.id, cardinality(grown.authors) + b.place
              FROM jsonb_array_elements_text(e.thread -> 'participants') WITH ORDINALITY AS b (id, place)) one
            GROUP BY one.id ORDER BY 2 LIMIT 5) said))
      FROM (
        SELECT m.place, m.thread_seq, count(*)::int AS replies, max(m.seq) AS last,
          array_agg(m.author_id ORDER BY m.seq DESC) AS authors
        FROM unnest(places, verdicts, seqs, authors, thread_seqs) AS m (place, verdict, seq, author_id, thread_seq)
        WHERE m.verdict = 'append' AND m.thread_seq IS NOT NULL GROUP BY m.place, m.thread_seq) grown
      WHERE e.bucket = chat.bucket(rooms[grown.place]) AND e.room_id = rooms[grown.place] AND e.seq = grown.thread_seq;

      -- who writes, who is answered, who is mentioned: what a thread begins with for somebody is what makes them follow it
      INSERT INTO chat.thread_followers (bucket, room_id, thread_seq, user_id, following, read_seq)
      SELECT DISTINCT ON (one.room_id, one.thread_seq, one.user_id)
        chat.bucket(one.room_id), one.room_id, one.thread_seq, one.user_id, true, one.read_seq
      FROM (
        SELECT rooms[places[m.i]] AS room_id, m.thread_seq, who.user_id, who.read_seq
        FROM unnest(thread_seqs) WITH ORDINALITY AS m (thread_seq, i)
        CROSS JOIN LATERAL (
          SELECT authors[m.i] AS user_id, seqs[m.i] AS read_seq
          UNION ALL
          SELECT thread_authors[m.i], seqs[m.i] - 1
          UNION ALL
          SELECT c.user_id, seqs[m.i] - 1 FROM unnest(called_by, called) AS c (i, user_id) WHERE c.i = m.i) who
        WHERE m.thread_seq IS NOT NULL AND verdicts[m.i] = 'append') one
      WHERE EXISTS (
        SELECT FROM chat.members p
        WHERE p.bucket = chat.bucket(one.room_id) AND p.room_id = one.room_id AND p.user_id = one.user_id)
      ORDER BY one.room_id, one.thread_seq, one.user_id, one.read_seq
      ON CONFLICT DO NOTHING;

      -- who has left it and writes in it again
      UPDATE chat.thread_followers f
      SET following = true, read_seq = greatest(f.read_seq, own.seq), revision = f.revision + 1
      FROM (
        SELECT m.place, m.thread_seq, m.author_id, max(m.seq) AS seq
        FROM unnest(places, verdicts, seqs, authors, thread_seqs) AS m (place, verdict, seq, author_id, thread_seq)
        WHERE m.verdict = 'append' AND m.thread_seq IS NOT NULL GROUP BY m.place, m.thread_seq, m.author_id) own
      WHERE f.bucket = chat.bucket(rooms[own.place]) AND f.room_id = rooms[own.place] AND f.thread_seq = own.thread_seq
        AND f.user_id = own.author_id AND NOT f.following;
    END IF;

    UPDATE chat.rooms r SET last_seq = tail.last, last_at = CASE WHEN tail.moves THEN moment ELSE r.last_at END
    FROM (
      SELECT rooms[m.place] AS id, max(m.seq) AS last, bool_or(m.thread_seq IS NULL OR m.in_room) AS moves
      FROM unnest(places, verdicts, seqs, thread_seqs, in_room) AS m (place, verdict, seq, thread_seq, in_room)
      WHERE m.verdict = 'append' GROUP BY m.place
    ) AS tail
    WHERE r.bucket = chat.bucket(tail.id) AND r.id = tail.id;

    RETURN QUERY
      SELECT m.verdict, m.seq, m.first - 1, moment, thread_authors[m.i]
      FROM unnest(verdicts, seqs, firsts) WITH ORDINALITY AS m (verdict, seq, first, i)
      ORDER BY m.i;
  END $$`;

/**
 * Threads hang on messages: a reply says on which, and the row of that message has what there is in its thread. Replies
 * that are in a thread alone are of a kind of their own, so that the index by which rooms are read and counted, which is of
 * the other kind, is as it was: nothing of a room gets slower by them.
 */
export class MessagesHaveThreads1765214000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chat.room_events ADD COLUMN thread_seq bigint, ADD COLUMN thread jsonb');
    await runner.query(`
      CREATE INDEX room_events_thread ON chat.room_events (bucket, room_id, thread_seq, seq)
      WHERE thread_seq IS NOT NULL`);
    await runner.query(`
      CREATE TABLE chat.thread_followers (
        bucket smallint NOT NULL
          CONSTRAINT thread_followers_bucket_check CHECK (bucket = get_byte(uuid_send(room_id), 15)),
        room_id uuid NOT NULL,
        thread_seq bigint NOT NULL,
        user_id uuid NOT NULL,
        following boolean NOT NULL,
        read_seq bigint NOT NULL,
        revision int NOT NULL DEFAULT 0,
        PRIMARY KEY (bucket, room_id, thread_seq, user_id)
      )`);
    await runner.query(
      'CREATE INDEX thread_followers_user ON chat.thread_followers (user_id, bucket, room_id, thread_seq)',
    );
    await runner.query('DROP FUNCTION chat.append_messages');
    await runner.query(APPEND_MESSAGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION chat.append_messages');
    await runner.query(WITH_MENTIONS);
    await patch(runner, PATCHES);
    await runner.query('DROP TABLE chat.thread_followers');
    await runner.query('DROP INDEX chat.room_events_thread');
    // what was said stays, in the room
    await runner.query(
      "UPDATE chat.room_events SET type = 'message.created' WHERE type = 'message.in_thread' AND thread_seq IS NOT NULL",
    );
    await runner.query('ALTER TABLE chat.room_events DROP COLUMN thread_seq, DROP COLUMN thread');
  }
}
