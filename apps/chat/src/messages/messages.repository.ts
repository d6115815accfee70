import { Injectable } from '@nestjs/common';
import type { Queries } from '@veche/database';
import { isMessage } from '../log/entry.wire';
import type { Written } from './message.rules';

/** A message as it is now. */
export interface MessageRow extends Written {
  readonly text: string | null;
  /** What the thread hangs on in which it is; null: in none. */
  readonly threadSeq: number | null;
}

@Injectable()
export class MessagesRepository {
  /** @param tx holds the room's row locked, so that the message stays as it is */
  async find(tx: Queries, roomId: string, seq: number): Promise<MessageRow | undefined> {
    const [row] = await tx.query<MessageRow>(
      `SELECT actor_id AS "authorId", text, deleted_at IS NOT NULL AS "isDeleted",
         extract(epoch FROM clock_timestamp() - at)::float8 AS age, thread_seq::float8 AS "threadSeq"
       FROM chat.room_events m
       WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq = $2 AND ${isMessage('m')}`,
      [roomId, seq],
    );
    return row;
  }
}
