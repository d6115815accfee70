import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries, sharedReads } from '@veche/database';
import type { RefreshTokenEntity } from './refresh-token.entity';
import type { SessionEntity } from './session.entity';
import type { EndReason, Shown } from './session.rules';
import type { EndedSession, ListedSession } from './session.wire';

/** More than anybody uses; who has still more of them ends them all at once. */
const MAX_LISTED = 200;

const STATE = `id, user_id AS "userId", app_id AS "appId", expires_at AS "expiresAt", ended_at AS "endedAt",
  end_reason AS "endReason"`;
const ENDED = 'id, user_id AS "userId", end_reason AS "endReason"';

export type SessionRow = Pick<
  SessionEntity,
  'id' | 'userId' | 'appId' | 'expiresAt' | 'endedAt' | 'endReason'
>;
export type NewSession = Omit<SessionEntity, 'endedAt' | 'endReason' | 'lastSeenAt' | 'user'>;
/** All sessions of a user, but one where one is named. */
export interface AllSessions {
  readonly userId: string;
  readonly but?: string;
}
export type NewToken = Omit<RefreshTokenEntity, 'retiredAt' | 'session'>;

@Injectable()
export class SessionsRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  async insert(tx: Queries, session: NewSession): Promise<void> {
    await tx.query(
      `INSERT INTO auth.sessions (id, user_id, app_id, device_name, ip, created_at, last_seen_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
      [
        session.id,
        session.userId,
        session.appId,
        session.deviceName,
        session.ip,
        session.createdAt,
        session.expiresAt,
      ],
    );
  }

  async insertToken(tx: Queries, token: NewToken): Promise<void> {
    await tx.query(
      `INSERT INTO auth.refresh_tokens (hash, session_id, parent_hash, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5)`,
      [token.hash, token.sessionId, token.parentHash, token.createdAt, token.expiresAt],
    );
  }

  /**
   * A refresh token and its session, which stays locked until the transaction ends: of those who renew or end one
   * session at the same time, each sees what the one before has done.
   */
  async lockByToken(tx: Queries, hash: Buffer): Promise<{ session: SessionRow; token: Shown } | undefined> {
    const [session] = await tx.query<SessionRow>(
      `SELECT ${STATE} FROM auth.sessions
       WHERE id = (SELECT session_id FROM auth.refresh_tokens WHERE hash = $1) FOR UPDATE`,
      [hash],
    );
    // a statement of its own: the one above may have waited, and read the token before it did
    const [token] = await tx.query<Shown>(
      `SELECT retired_at AS "retiredAt", EXISTS (
         SELECT FROM auth.refresh_tokens heir
         WHERE heir.session_id = token.session_id AND heir.parent_hash = token.hash AND heir.retired_at IS NULL
       ) AS "hasUnusedHeir"
       FROM auth.refresh_tokens token WHERE hash = $1`,
      [hash],
    );
    return session && token && { session, token };
  }

  async retireTokens(tx: Queries, sessionId: string, at: Date): Promise<void> {
    await tx.query(
      'UPDATE auth.refresh_tokens SET retired_at = $2 WHERE session_id = $1 AND retired_at IS NULL',
      [sessionId, at],
    );
  }

  async renew(
    tx: Queries,
    id: string,
    { seenAt, expiresAt, ip }: { seenAt: Date; expiresAt: Date; ip: string | undefined },
  ): Promise<void> {
    await tx.query(
      'UPDATE auth.sessions SET last_seen_at = $2, expires_at = $3, ip = COALESCE($4, ip) WHERE id = $1',
      [id, seenAt, expiresAt, ip],
    );
  }

  /** Of those that come back all at once after a restart, many share a query. */
  readonly find = sharedReads(
    (ids) => this.findAll(ids),
    (row) => row.id,
  );

  findAll(ids: readonly string[]): Promise<SessionRow[]> {
    return this.db.query<SessionRow>(`SELECT ${STATE} FROM auth.sessions WHERE id = ANY ($1::uuid[])`, [ids]);
  }

  /** Those that live, the most recently used first. */
  listAlive(userId: string, now: Date): Promise<ListedSession[]> {
    return this.db.query<ListedSession>(
      `SELECT id, app_id AS "appId", device_name AS "deviceName", ip, created_at AS "createdAt",
         last_seen_at AS "lastSeenAt"
       FROM auth.sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
       ORDER BY last_seen_at DESC, id DESC LIMIT ${MAX_LISTED}`,
      [userId, now],
    );
  }

  /** Ends a session of a user; undefined where they have none of this id that has not ended yet. */
  async end(
    { id, userId }: { id: string; userId: string },
    reason: EndReason,
    at: Date,
    queries: Queries = this.db,
  ): Promise<EndedSession | undefined> {
    const [row] = await queries.query<EndedSession>(
      `UPDATE auth.sessions SET ended_at = $3, end_reason = $4
       WHERE id = $1 AND user_id = $2 AND ended_at IS NULL RETURNING ${ENDED}`,
      [id, userId, at, reason],
    );
    return row;
  }

  /** Ends all of a user's sessions, but one where one is named. */
  endAll(
    { userId, but }: AllSessions,
    reason: EndReason,
    at: Date,
    queries: Queries = this.db,
  ): Promise<EndedSession[]> {
    return queries.query<EndedSession>(
      `UPDATE auth.sessions SET ended_at = $3, end_reason = $4
       WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND ended_at IS NULL RETURNING ${ENDED}`,
      [userId, but, at, reason],
    );
  }

  /** Marks sessions that have expired, at most `limit`; replicas that do so at once share them out. */
  endExpired(now: Date, limit: number): Promise<EndedSession[]> {
    return this.db.query<EndedSession>(
      `UPDATE auth.sessions SET ended_at = $1, end_reason = 'expired' WHERE id IN (
         SELECT id FROM auth.sessions WHERE ended_at IS NULL AND expires_at <= $1
         ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING ${ENDED}`,
      [now, limit],
    );
  }

  /** The newest first. */
  listEndedSince(since: Date, limit: number): Promise<EndedSession[]> {
    return this.db.query<EndedSession>(
      `SELECT ${ENDED} FROM auth.sessions WHERE ended_at > $1 ORDER BY ended_at DESC LIMIT $2`,
      [since, limit],
    );
  }

  /** Removes at most `limit` sessions that ended, and tokens that expired, before a time. */
  async removeOld(endedBefore: Date, expiredBefore: Date, limit: number): Promise<void> {
    await this.db.query(
      `DELETE FROM auth.sessions WHERE id IN (
         SELECT id FROM auth.sessions WHERE ended_at < $1 ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [endedBefore, limit],
    );
    await this.db.query(
      `DELETE FROM auth.refresh_tokens WHERE hash IN (
         SELECT hash FROM auth.refresh_tokens WHERE expires_at < $1
         ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [expiredBefore, limit],
    );
  }
}
