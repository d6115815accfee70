import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';
import type { PreferencesEntity } from './preferences.entity';
import type { NotificationLevel } from './preference.rules';

/** How a member wants to have a room. */
export interface RoomPreferencesRow {
  /** null: as is usual for its kind */
  level: NotificationLevel | null;
  muted: boolean;
  mutedUntil: Date | null;
  favourite: boolean;
  hiddenSeq: number | null;
  revision: number;
}

/** What is left out stays. */
export interface RoomPreferencesChange {
  readonly level?: NotificationLevel | null;
  readonly muted?: { readonly on: boolean; readonly until: Date | null };
  readonly favourite?: boolean;
  readonly hidden?: boolean;
}

export type PreferencesChange = Partial<Omit<PreferencesEntity, 'userId'>>;

const ROW = `m.level, m.muted, m.muted_until AS "mutedUntil", m.favourite,
  m.hidden_seq::float8 AS "hiddenSeq", m.revision`;

/** What is told of them together with much else. */
export type PreferredRow = Omit<RoomPreferencesRow, 'mutedUntil'> & { mutedUntil: string | null };

/** Of a member `m` of a statement, as one column of it: null for who has changed nothing, as most have. */
export const PREFERRED = `CASE WHEN m.revision > 0 THEN json_build_object('level', m.level, 'muted', m.muted,
  'mutedUntil', m.muted_until, 'favourite', m.favourite, 'hiddenSeq', m.hidden_seq, 'revision', m.revision) END`;

const LEVELS =
  'public_level AS "publicLevel", private_level AS "privateLevel", direct_level AS "directLevel"';

@Injectable()
export class PreferencesRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** undefined: who is asked about is no member */
  async ofRoom(roomId: string, userId: string): Promise<RoomPreferencesRow | undefined> {
    const [row] = await this.db.query<RoomPreferencesRow>(
      `SELECT ${ROW} FROM chat.members m WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.user_id = $2`,
      [roomId, userId],
    );
    return row;
  }

  /** Locks no room: what a member wants is theirs alone. @returns undefined where they are no member */
  async changeOfRoom(
    roomId: string,
    userId: string,
    { level, muted, favourite, hidden }: RoomPreferencesChange,
  ): Promise<RoomPreferencesRow | undefined> {
    const [row] = await this.db.query<RoomPreferencesRow>(
      `UPDATE chat.members m SET
         level = CASE WHEN $3 THEN $4 ELSE m.level END,
         muted = COALESCE($5, m.muted),
         muted_until = CASE WHEN $5 IS NULL THEN m.muted_until ELSE $6::timestamptz END,
         favourite = COALESCE($7, m.favourite),
         hidden_seq = CASE WHEN $8::boolean IS NULL THEN m.hidden_seq WHEN $8 THEN r.last_seq END,
         revision = m.revision + 1
        FROM chat.rooms r
       WHERE r.bucket = m.bucket AND r.id = m.room_id
         AND m.bucket = chat.bucket($1) AND m.room_id = $1 AND m.user_id = $2
      RETURNING ${ROW}`,
      [
        roomId,
        userId,
        level !== undefined,
        level ?? null,
        muted?.on ?? null,
        muted?.until ?? null,
        favourite ?? null,
        hidden ?? null,
      ],
    );
    return row;
  }

  /** undefined: nothing was said */
  async of(userId: string): Promise<PreferencesEntity | undefined> {
    const [row] = await this.db.query<PreferencesEntity>(
      `SELECT user_id AS "userId", ${LEVELS} FROM chat.preferences WHERE user_id = $1`,
      [userId],
    );
    return row;
  }

  /** What is left out stays. */
  async change(userId: string, change: PreferencesChange): Promise<PreferencesEntity> {
    const { publicLevel, privateLevel, directLevel } = change;
    const [row] = await this.db.query<PreferencesEntity>(
      `INSERT INTO chat.preferences AS p (user_id, public_level, private_level, direct_level)
       VALUES ($1, $3, $5, $7)
       ON CONFLICT (user_id) DO UPDATE SET
         public_level = CASE WHEN $2 THEN $3 ELSE p.public_level END,
         private_level = CASE WHEN $4 THEN $5 ELSE p.private_level END,
         direct_level = CASE WHEN $6 THEN $7 ELSE p.direct_level END
       RETURNING user_id AS "userId", ${LEVELS}`,
      [
        userId,
        publicLevel !== undefined,
        publicLevel ?? null,
        privateLevel !== undefined,
        privateLevel ?? null,
        directLevel !== undefined,
        directLevel ?? null,
      ],
    );
    if (!row) throw new Error('what was written was not answered');
    return row;
  }

  /** Nothing is left of somebody; what they wanted of rooms goes with their memberships. */
  async forget(userId: string): Promise<void> {
    await this.db.query('DELETE FROM chat.preferences WHERE user_id = $1', [userId]);
  }
}
