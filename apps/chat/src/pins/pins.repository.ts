import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { isMessage } from '../log/entry.wire';
import { MOST_PINS, type Pinnable } from './pin.rules';

@Injectable()
export class PinsRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** A message, whose row stays as it is until the transaction ends, and how many of its room are pinned. */
  async find(tx: Queries, roomId: string, seq: number): Promise<(Pinnable & { pins: number }) | undefined> {
    const [row] = await tx.query<Pinnable & { pins: number }>(
      `SELECT deleted_at IS NOT NULL AS "isDeleted", pinned_at IS NOT NULL AS "isPinned",
         (SELECT count(*)::int FROM chat.room_events p
           WHERE p.bucket = chat.bucket($1) AND p.room_id = $1 AND p.pinned_at IS NOT NULL) AS pins
       FROM chat.room_events m
       WHERE bucket = chat.bucket($1) AND room_id = $1 AND seq = $2 AND ${isMessage('m')} FOR UPDATE`,
      [roomId, seq],
    );
    return row;
  }

  /** The numbers of the pinned messages of a room, the one that was pinned last first. */
  async list(roomId: string): Promise<number[]> {
    const rows = await this.db.query<{ seq: number }>(
      `SELECT seq::float8 AS seq FROM chat.room_events
       WHERE bucket = chat.bucket($1) AND room_id = $1 AND pinned_at IS NOT NULL
       ORDER BY pinned_at DESC, seq DESC LIMIT ${MOST_PINS}`,
      [roomId],
    );
    return rows.map(({ seq }) => seq);
  }
}
