import { Injectable } from '@nestjs/common';
import { Database, InjectDatabase, type Queries, sharedReads } from '@veche/database';
import type { SessionEntity } from './session.entity';
import type { EndReason } from './session.rules';
import type { EndedSession, ListedSession } from './session.wire';

/** More than anybody uses; who has still more of them ends them all at once. */
const MAX_LISTED = 200;

const STATE = `id, user_id AS "userId", app_id AS "appId", expires_at AS "expiresAt", ended_at AS "endedAt",
  end_reason AS "endReason", answer, turn_answer AS "turnAnswer", valid_from AS "validFrom", answered`;
const LINE = 'turn, used_turns AS "usedTurns", device_key AS "deviceKey", proofs';
const ENDED = 'id, user_id AS "userId", end_reason AS "endReason"';

export type SessionRow = Pick<
  SessionEntity,
  | 'id'
  | 'userId'
  | 'appId'
  | 'expiresAt'
  | 'endedAt'
  | 'endReason'
  | 'answer'
  | 'turnAnswer'
  | 'validFrom'
  | 'answered'
>;
/** A session with what its refresh tokens are made of. */
export type LineRow = SessionRow & Pick<SessionEntity, 'turn' | 'usedTurns' | 'deviceKey' | 'proofs'>;
export type NewSession = Pick<
  SessionEntity,
  'id' | 'userId' | 'appId' | 'deviceName' | 'ip' | 'createdAt' | 'expiresAt' | 'familyHash' | 'deviceKey'
>;
/** All sessions of a user, but one where one is named. */
export interface AllSessions {
  readonly userId: string;
  readonly but?: string;
}

@Injectable()
export class SessionsRepository {
  constructor(@InjectDatabase('auth') private readonly db: Database) {}

  async insert(tx: Queries, session: NewSession): Promise<void> {
    await tx.query(
      `INSERT INTO auth.sessions (id, user_id, app_id, device_name, ip, created_at, last_seen_at, expires_at,
         family_hash, device_key)
       VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)`,
      [
        session.id,
        session.userId,
        session.appId,
        session.deviceName,
        session.ip,
        session.createdAt,
        session.expiresAt,
        session.familyHash,
        session.deviceKey,
      ],
    );
  }

  /**
   * The one session that lives of whatever one issuer has issued for somebody; it goes on at least until a time. Those who
   * ask at once get the same. One that has expired must have been ended before: a session never comes back.
   */
  async issue(
    tx: Queries,
    session: Pick<SessionEntity, 'id' | 'userId' | 'appId' | 'createdAt' | 'expiresAt'> & {
      issuedBy: string;
    },
  ): Promise<SessionRow> {
    const [row] = await tx.query<SessionRow>(
      `INSERT INTO auth.sessions (id, user_id, app_id, device_name, ip, created_at, last_seen_at, expires_at, issued_by)
       VALUES ($1, $2, $3, '', '', $4, $4, $5, $6)
       ON CONFLICT (user_id, issued_by) WHERE issued_by IS NOT NULL AND ended_at IS NULL
       DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at,
         expires_at = greatest(sessions.expires_at, EXCLUDED.expires_at)
       RETURNING ${STATE}`,
      [session.id, session.userId, session.appId, session.createdAt, session.expiresAt, session.issuedBy],
    );
    if (!row) throw new Error('an insert gave no row');
    return row;
  }

  /** Marks what one issuer has issued for somebody as expired where it is. */
  endExpiredOf(tx: Queries, userId: string, issuedBy: string, now: Date): Promise<EndedSession[]> {
    return tx.query<EndedSession>(
      `UPDATE auth.sessions SET ended_at = $3, end_reason = 'expired'
       WHERE user_id = $1 AND issued_by = $2 AND ended_at IS NULL AND expires_at <= $3 RETURNING ${ENDED}`,
      [userId, issuedBy, now],
    );
  }

  /** When what one issuer has issued for somebody was last ended, and why; not where it merely expired. */
  async lastEnd(
    tx: Queries,
    userId: string,
    issuedBy: string,
  ): Promise<{ endedAt: Date; endReason: EndReason } | undefined> {
    const [row] = await tx.query<{ endedAt: Date; endReason: EndReason }>(
      `SELECT ended_at AS "endedAt", end_reason AS "endReason" FROM auth.sessions
       WHERE user_id = $1 AND issued_by = $2 AND ended_at IS NOT NULL AND end_reason <> 'expired'
       ORDER BY ended_at DESC LIMIT 1`,
      [userId, issuedBy],
    );
    return row;
  }

  /**
   * The session of a family of refresh tokens, locked until the transaction ends: of those who renew or end one session
   * at the same time, each sees what the one before has done.
   */
  async lockByFamily(tx: Queries, familyHash: Buffer): Promise<LineRow | undefined> {
    const [row] = await tx.query<LineRow>(
      `SELECT ${STATE}, ${LINE} FROM auth.sessions WHERE family_hash = $1 FOR UPDATE`,
      [familyHash],
    );
    return row;
  }

  /** Writes down what a renewal came to; where it was renewed from only if `ip` is given. */
  async renew(tx: Queries, renewed: LineRow, seenAt: Date, ip: string | undefined): Promise<void> {
    await tx.query(
      `UPDATE auth.sessions SET last_seen_at = $2, expires_at = $3, ip = COALESCE($4, ip), turn = $5,
         used_turns = $6, answer = $7, turn_answer = $8, valid_from = $9, answered = $10, proofs = $11
       WHERE id = $1`,
      [
        renewed.id,
        seenAt,
        renewed.expiresAt,
        ip,
        renewed.turn,
        JSON.stringify(renewed.usedTurns),
        renewed.answer,
        renewed.turnAnswer,
        renewed.validFrom,
        renewed.answered,
        JSON.stringify(renewed.proofs),
      ],
    );
  }

  /** Begins a new line of refresh tokens in a session that lives. Those of before are unknown from then on. */
  async beginLine(tx: Queries, id: string, familyHash: Buffer): Promise<SessionRow | undefined> {
    const [row] = await tx.query<SessionRow>(
      `UPDATE auth.sessions SET family_hash = $2, turn = NULL, used_turns = '[]',
         answer = answer + 1, turn_answer = answer + 1, answered = true
       WHERE id = $1 AND ended_at IS NULL RETURNING ${STATE}`,
      [id, familyHash],
    );
    return row;
  }

  /**
   * Writes down that an access token was used, and so that the answer which brought it has arrived.
   * @returns false where a later answer has made it void
   */
  async markAnswered(id: string, answer: number): Promise<boolean> {
    const [row] = await this.db.query<{ counts: boolean }>(
      `UPDATE auth.sessions SET answered = answered OR turn_answer <= $2 WHERE id = $1 AND valid_from <= $2
       RETURNING true AS counts`,
      [id, answer],
    );
    return row !== undefined;
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

  /** From where, and with which devices, somebody has logged in: the latest, each once. */
  listPlaces(userId: string): Promise<{ ip: string; deviceKey: string | null }[]> {
    return this.db.query<{ ip: string; deviceKey: string | null }>(
      `SELECT DISTINCT ip, device_key AS "deviceKey" FROM (
         SELECT ip, device_key FROM auth.sessions WHERE user_id = $1 ORDER BY last_seen_at DESC LIMIT ${MAX_LISTED}
       ) latest`,
      [userId],
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

  /** Removes at most `limit` sessions that ended before a time. */
  async removeEnded(before: Date, limit: number): Promise<void> {
    await this.db.query(
      `DELETE FROM auth.sessions WHERE id IN (
         SELECT id FROM auth.sessions WHERE ended_at < $1 ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
  }
}
