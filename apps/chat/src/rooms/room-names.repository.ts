import { Injectable } from '@nestjs/common';
import type { Queries } from '@veche/database';
import { AppError } from '@veche/errors';
import { looks } from '@veche/lookalikes';
import { fold, nameWords } from '@veche/protocol';
import type { RoomEntity } from '../log/room.entity';

/**
 * What rooms are called: no public room looks like another one, and nobody gives the same name to two of theirs. Whoever
 * names a room learns nothing of the private rooms of others.
 */
@Injectable()
export class RoomNamesRepository {
  /**
   * Gives a room its name; does nothing for one without.
   * @param by who gives it
   * @throws AppError `room_name_taken`
   */
  async take(tx: Queries, room: Pick<RoomEntity, 'id' | 'kind' | 'name'>, by: string): Promise<void> {
    const { id, kind, name } = room;
    if (name === null) return;
    const own = await tx.query<{ name: string }>(
      `SELECT r.name FROM chat.rooms r
         JOIN chat.members m ON m.bucket = r.bucket AND m.room_id = r.id AND m.user_id = $2 AND m.role = 'owner'
        WHERE r.name_key = $3 AND r.id <> $1`,
      [id, by, fold(name)],
    );
    if (own.some((room) => room.name.toLowerCase() === name.toLowerCase()))
      throw new AppError('room_name_taken', { detail: 'Another room of yours has this name' });
    if (kind === 'public') await this.publish(tx, id, name);
  }

  private async publish(tx: Queries, id: string, name: string): Promise<void> {
    const wanted = looks(name);
    const taken = await tx.query(
      `WITH gone AS (DELETE FROM chat.room_looks WHERE room_id = $1 AND look <> ALL ($2::text[]))
       INSERT INTO chat.room_looks (look, room_id) SELECT unnest($2::text[]), $1::uuid
       ON CONFLICT (look) DO UPDATE SET room_id = $1 WHERE room_looks.room_id = $1
       RETURNING look`,
      [id, wanted],
    );
    if (taken.length < wanted.length) throw new AppError('room_name_taken');
    await tx.query(
      `WITH gone AS (DELETE FROM chat.room_words WHERE room_id = $1 AND word <> ALL ($2::text[]))
       INSERT INTO chat.room_words (word, bucket, room_id)
       SELECT unnest($2::text[]), chat.bucket($1), $1::uuid ON CONFLICT DO NOTHING`,
      [id, nameWords(name)],
    );
  }
}
