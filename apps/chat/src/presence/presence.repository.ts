import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase } from '@veche/database';
import type { StatusEntity } from './status.entity';

/** What is known of somebody. */
export interface PresenceRow extends StatusEntity {
  here: boolean;
  idle: boolean;
}

/** Of somebody with connections to one gateway. */
export interface Report {
  readonly userId: string;
  readonly here: boolean;
  readonly idle: boolean;
}

const SEEN = `INSERT INTO chat.statuses AS s (user_id, last_seen_at)
  SELECT user_id, date_trunc('minute', seen_at) FROM gone ORDER BY user_id
  ON CONFLICT (user_id) DO UPDATE
    SET last_seen_at = GREATEST(s.last_seen_at, excluded.last_seen_at)`;

@Injectable()
export class PresenceRepository {
  constructor(@InjectDatabase('chat') private readonly db: Database) {}

  /** Of each in the order in which they are given. */
  async find(userIds: readonly string[]): Promise<PresenceRow[]> {
    return this.db.query<PresenceRow>(
      // what is over and not taken back yet is over
      `SELECT given.id AS "userId", s.emoji, s.text, s.availability, s.until, seen.last_seen_at AS "lastSeenAt",
              p.here, COALESCE(p.idle, false) AS idle
         FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place)
         LEFT JOIN chat.statuses seen ON seen.user_id = given.id
         LEFT JOIN chat.statuses s ON s.user_id = given.id AND (s.until IS NULL OR s.until > now())
         CROSS JOIN LATERAL (
           SELECT count(*) > 0 AS here, bool_and(idle) AS idle FROM chat.presence WHERE user_id = given.id) p
        ORDER BY given.place`,
      [userIds],
    );
  }

  /** Members of a room who have a connection. */
  async membersHere(roomId: string, limit: number): Promise<string[]> {
    const rows = await this.db.query<{ userId: string }>(
      `SELECT m.user_id AS "userId" FROM chat.members m
        WHERE m.bucket = chat.bucket($1) AND m.room_id = $1
          AND EXISTS (SELECT FROM chat.presence p WHERE p.user_id = m.user_id)
        LIMIT $2`,
      [roomId, limit],
    );
    return rows.map(({ userId }) => userId);
  }

  /** @returns undefined where they are more than the limit */
  async members(roomId: string, limit: number): Promise<string[] | undefined> {
    const rows = await this.db.query<{ userId: string }>(
      `SELECT m.user_id AS "userId" FROM chat.members m
        WHERE m.bucket = chat.bucket($1) AND m.room_id = $1 LIMIT $2`,
      [roomId, limit + 1],
    );
    return rows.length > limit ? undefined : rows.map(({ userId }) => userId);
  }

  /**
   * Takes what a gateway says.
   * @returns whether the gateway was known, and of whom something has changed
   */
  async report(
    gatewayId: string,
    reports: readonly Report[],
  ): Promise<{ known: boolean; changed: string[] }> {
    const here = reports.filter((report) => report.here);
    const gone = reports.filter((report) => !report.here);
    return this.db.transaction(async (tx) => {
      // holds the row, so that nobody takes the gateway for gone meanwhile
      const [row] = await tx.query<{ known: boolean }>(
        `INSERT INTO chat.gateways AS g (id, seen_at) VALUES ($1, clock_timestamp())
         ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp() RETURNING xmax <> 0 AS known`,
        [gatewayId],
      );
      const changed: { userId: string }[] = [];
      if (here.length > 0)
        changed.push(
          ...(await tx.query<{ userId: string }>(
            `INSERT INTO chat.presence AS p (user_id, gateway_id, idle)
             SELECT user_id, $1, idle FROM unnest($2::uuid[], $3::boolean[]) AS given (user_id, idle)
             ON CONFLICT (user_id, gateway_id) DO UPDATE SET idle = excluded.idle WHERE p.idle <> excluded.idle
             RETURNING p.user_id AS "userId"`,
            [gatewayId, here.map(({ userId }) => userId), here.map(({ idle }) => idle)],
          )),
        );
      if (gone.length > 0)
        changed.push(
          ...(await tx.query<{ userId: string }>(
            `WITH gone AS (
               DELETE FROM chat.presence WHERE gateway_id = $1 AND user_id = ANY($2::uuid[])
               RETURNING user_id, now() AS seen_at),
             seen AS (${SEEN})
             SELECT user_id AS "userId" FROM gone`,
            [gatewayId, gone.map(({ userId }) => userId)],
          )),
        );
      return { known: row?.known ?? false, changed: changed.map(({ userId }) => userId) };
    });
  }

  /** Forgets gateways that have said nothing for so long. @returns who was connected to them */
  async sweep(leaseMs: number): Promise<string[]> {
    const rows = await this.db.query<{ userId: string }>(
      `WITH dead AS (
         SELECT id, seen_at FROM chat.gateways
          WHERE seen_at < clock_timestamp() - $1 * interval '1 millisecond' FOR UPDATE SKIP LOCKED),
       buried AS (DELETE FROM chat.gateways g USING dead WHERE g.id = dead.id),
       left_behind AS (
         DELETE FROM chat.presence p USING dead WHERE p.gateway_id = dead.id RETURNING p.user_id, dead.seen_at),
       gone AS (SELECT user_id, max(seen_at) AS seen_at FROM left_behind GROUP BY user_id),
       seen AS (${SEEN})
       SELECT user_id AS "userId" FROM gone`,
      [leaseMs],
    );
    return rows.map(({ userId }) => userId);
  }

  async setStatus({
    userId,
    emoji,
    text,
    availability,
    until,
  }: Omit<StatusEntity, 'lastSeenAt'>): Promise<void> {
    await this.db.query(
      `INSERT INTO chat.statuses (user_id, emoji, text, availability, until) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id) DO UPDATE
         SET emoji = excluded.emoji, text = excluded.text, availability = excluded.availability,
             until = excluded.until`,
      [userId, emoji, text, availability, until],
    );
  }

  /** Takes back what is over. @returns of whom */
  async endStatuses(limit: number): Promise<string[]> {
    const rows = await this.db.query<{ userId: string }>(
      `UPDATE chat.statuses SET emoji = NULL, text = NULL, availability = NULL, until = NULL
        WHERE user_id IN (
          SELECT user_id FROM chat.statuses WHERE until <= now() LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING user_id AS "userId"`,
      [limit],
    );
    return rows.map(({ userId }) => userId);
  }

  /** Nothing is left of somebody. */
  async forget(userId: string): Promise<void> {
    await this.db.query(
      `WITH gone AS (DELETE FROM chat.presence WHERE user_id = $1)
       DELETE FROM chat.statuses WHERE user_id = $1`,
      [userId],
    );
  }
}
