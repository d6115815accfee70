import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';
import { namesOf } from '../log/mention.wire';
import { COUNTED } from '../members/member.rules';

/** More rooms than this are not looked at for one message: many private ones may have the same name. */
const MOST_ROOMS = 200;

/**
 * How many unread messages call somebody, for a query that has `reader`, their read mark, the room's row `r`, and the
 * number of its newest message: counted back as far as what is unread.
 */
export const unreadMentions = (reader: string, readSeq: string, newestSeq: string): string => `(
  SELECT count(DISTINCT c.seq)::int FROM chat.mentions c
   WHERE c.user_id IN ${namesOf(reader)} AND c.bucket = r.bucket AND c.room_id = r.id
     AND c.seq > GREATEST(${readSeq}, ${newestSeq} - ${COUNTED}) AND c.author_id <> ${reader})`;

@Injectable()
export class MentionsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /**
   * Rooms by what one writes to link to them; of several the public one. Private ones are seen by their members.
   * @param mayBrowse whether the author sees public rooms that they are not in
   */
  async roomsByLink(
    links: readonly string[],
    authorId: string,
    mayBrowse: boolean,
  ): Promise<Map<string, string>> {
    const rows = await this.db.query<{ link: string; id: string }>(
      `SELECT replace(r.name_key, ' ', '-') AS link, r.id FROM chat.rooms r
        LEFT JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $2
        WHERE replace(r.name_key, ' ', '-') = ANY ($1::text[]) AND r.name_key IS NOT NULL
          AND (m.user_id IS NOT NULL OR (r.kind = 'public' AND $3))
        ORDER BY r.kind = 'public', r.id DESC LIMIT ${MOST_ROOMS}`,
      [links, authorId, mayBrowse],
    );
    // the last of a name stays
    return new Map(rows.map(({ link, id }) => [link, id]));
  }
}
