import { Injectable } from '@nestjs/common';
import { Cache } from '@veche/cache';
import { Config } from '@veche/config';
import {
  type CheckSessionsResponse,
  type Grant,
  type ListSessionsResponse,
  type RefreshResponse,
  roleText,
  type ValidateSessionResponse,
  type WatchSessionsResponse,
} from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { CheckSessionsDto, EndSessionDto, RefreshDto, ValidateSessionDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { createHash, randomBytes } from 'node:crypto';
import type { Observable } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { CACHED_MS } from '../cached';
import { Clock } from '../clock';
import { KeysService } from '../keys/keys.service';
import { toUser, type UserRow } from '../users/user.wire';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { SessionEvents } from './session-events';
import { type EndReason, isAlive, renewal } from './session.rules';
import { type EndedSession, toEnded, toSession } from './session.wire';
import { type AllSessions, type SessionRow, SessionsRepository } from './sessions.repository';

const sessionKey = (id: string): string => `auth:session:${id}`;

/** As the cache keeps it: JSON, so that a time is a number. */
type CachedSession = Omit<SessionRow, 'expiresAt' | 'endedAt'> & {
  expiresAt: number;
  endedAt: number | null;
};

/** What a session that has just begun, or was renewed, hands out. */
export interface Tokens {
  readonly session: Pick<SessionRow, 'id' | 'appId' | 'expiresAt'>;
  readonly refreshToken: string;
}

const hashOf = (refreshToken: string): Buffer => createHash('sha256').update(refreshToken).digest();

/** Sessions from their beginning through each renewal to their end. */
@Injectable()
export class SessionsService {
  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly sessions: SessionsRepository,
    private readonly users: UsersRepository,
    private readonly profiles: UsersService,
    private readonly keys: KeysService,
    private readonly events: SessionEvents,
    private readonly cache: Cache,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Begins a session of somebody whose password was verified, in the transaction that has their account locked. */
  async begin(
    tx: Queries,
    userId: string,
    { appId, deviceName, ip }: { appId: string; deviceName: string; ip: string },
  ): Promise<Tokens> {
    const now = this.clock.now();
    const session = {
      id: uuid(),
      userId,
      appId,
      deviceName,
      ip,
      createdAt: now,
      expiresAt: this.expiry(now),
    };
    await this.sessions.insert(tx, session);
    return { session, refreshToken: await this.newToken(tx, session, null, now) };
  }

  grant(user: UserRow, { session, refreshToken }: Tokens): Grant {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const refreshExpiresIn = Math.floor(session.expiresAt.getTime() / 1000) - now;
    // an access token must not outlive the session that it stands for
    const expiresIn = Math.min(this.config.ACCESS_TOKEN_TTL, refreshExpiresIn);
    const claims = { sub: user.id, sid: session.id, aud: session.appId, exp: now + expiresIn };
    return {
      accessToken: this.keys.sign(claims),
      expiresIn,
      refreshToken,
      refreshExpiresIn,
      user: toUser(user),
      sessionId: session.id,
    };
  }

  async refresh({ refreshToken, unanswered }: RefreshDto, call: Call): Promise<RefreshResponse> {
    const renewed = await this.db.transaction((tx) =>
      this.renew(tx, hashOf(refreshToken), unanswered ?? false, call.clientIp),
    );
    if ('user' in renewed) return { grant: this.grant(renewed.user, renewed) };
    await this.announce(renewed.ended);
    throw new AppError('session_ended', { detail: renewed.reason });
  }

  async logout(call: Call): Promise<void> {
    const { sessionId: id, userId } = callerOf(call);
    const ended = await this.sessions.end({ id, userId }, 'logout', this.clock.now());
    // a second logout that overtook this one has ended it as well
    if (ended) await this.announce([ended]);
  }

  async list(call: Call): Promise<ListSessionsResponse> {
    const { userId, sessionId } = callerOf(call);
    const rows = await this.sessions.listAlive(userId, this.clock.now());
    return { sessions: rows.map((row) => toSession(row, sessionId)) };
  }

  async end({ sessionId: id }: EndSessionDto, call: Call): Promise<void> {
    const { userId } = callerOf(call);
    const ended = await this.sessions.end({ id, userId }, 'ended', this.clock.now());
    if (!ended) throw new AppError('session_not_found');
    await this.announce([ended]);
  }

  async endOthers(call: Call): Promise<void> {
    const { sessionId: but, userId } = callerOf(call);
    await this.announce(await this.sessions.endAll({ userId, but }, 'ended', this.clock.now()));
  }

  /** @throws AppError `invalid_token`, `token_expired`, `session_ended` */
  async validate({ accessToken }: ValidateSessionDto): Promise<ValidateSessionResponse> {
    const { sub, sid, aud, exp } = this.keys.read(accessToken);
    const session = await this.known(sid);
    // not the session's end: whoever believed that would shut its owner out
    if (session && session.userId !== sub) throw new AppError('invalid_token');
    if (!session || !isAlive(session, this.clock.now()))
      throw new AppError('session_ended', { detail: this.reasonOf(session) });
    const user = await this.profiles.find(sub);
    if (!user) throw new AppError('session_ended', { detail: 'account_deleted' });
    if (user.disabled) throw new AppError('session_ended', { detail: 'account_disabled' });
    return {
      sessionId: sid,
      userId: sub,
      role: roleText.value(user.role),
      appId: aud,
      expiresAt: new Date(exp * 1000),
    };
  }

  async check({ sessionIds }: CheckSessionsDto): Promise<CheckSessionsResponse> {
    const now = this.clock.now();
    const found = new Map((await this.sessions.findAll(sessionIds)).map((row) => [row.id, row]));
    const ended = sessionIds.flatMap((sessionId) => {
      const session = found.get(sessionId);
      if (session && isAlive(session, now)) return [];
      return [{ sessionId, userId: session?.userId ?? '', reason: this.reasonOf(session) }];
    });
    return { ended };
  }

  watch(): Observable<WatchSessionsResponse> {
    return this.events.watch();
  }

  /** Ends a user's sessions as part of a greater change; {@link announce} them when it is committed. */
  endWithin(tx: Queries, which: AllSessions, reason: EndReason): Promise<EndedSession[]> {
    return this.sessions.endAll(which, reason, this.clock.now(), tx);
  }

  /** Makes an end known that has been committed. */
  async announce(ended: readonly EndedSession[]): Promise<void> {
    await this.cache.forget(...ended.map(({ id }) => sessionKey(id)));
    await Promise.all(ended.map((session) => this.events.sessionEnded(toEnded(session))));
  }

  /** Tells those that follow this replica once more what has ended lately, at most `limit` sessions. */
  async repeatEnds(since: Date, limit: number): Promise<void> {
    await this.repeat(await this.sessions.listEndedSince(since, limit));
  }

  /** Tells those that follow this replica, and nobody else. */
  async repeat(ended: readonly EndedSession[]): Promise<void> {
    await this.cache.forget(...ended.map(({ id }) => sessionKey(id)));
    for (const session of ended) this.events.repeatEnd(toEnded(session));
  }

  private async renew(
    tx: Queries,
    hash: Buffer,
    unanswered: boolean,
    ip: string | undefined,
  ): Promise<(Tokens & { user: UserRow }) | { ended: EndedSession[]; reason: EndReason }> {
    const found = await this.sessions.lockByToken(tx, hash);
    if (!found) throw new AppError('invalid_token');
    const { session, token } = found;
    const now = this.clock.now();
    const end = async (reason: EndReason): Promise<{ ended: EndedSession[]; reason: EndReason }> => {
      const ended = await this.sessions.end(session, reason, now, tx);
      return { ended: ended ? [ended] : [], reason };
    };

    const verdict = renewal(session, token, unanswered, now);
    if (verdict === 'ended') return { ended: [], reason: session.endReason ?? 'ended' };
    if (verdict === 'expired') return end('expired');
    if (verdict === 'reused') return end('token_reused');
    const user = await this.users.find(session.userId, tx);
    if (!user || user.disabled) return end('account_disabled');

    if (verdict === 'rotate') await this.sessions.retireTokens(tx, session.id, now);
    const renewed = { ...session, expiresAt: this.expiry(now) };
    await this.sessions.renew(tx, session.id, { seenAt: now, expiresAt: renewed.expiresAt, ip });
    return { session: renewed, refreshToken: await this.newToken(tx, renewed, hash, now), user };
  }

  private async newToken(
    tx: Queries,
    session: Pick<SessionRow, 'id' | 'expiresAt'>,
    parentHash: Buffer | null,
    now: Date,
  ): Promise<string> {
    const refreshToken = randomBytes(32).toString('base64url');
    await this.sessions.insertToken(tx, {
      hash: hashOf(refreshToken),
      sessionId: session.id,
      parentHash,
      createdAt: now,
      expiresAt: session.expiresAt,
    });
    return refreshToken;
  }

  private async known(id: string): Promise<SessionRow | undefined> {
    const cached = await this.cache.read<CachedSession | undefined>(sessionKey(id), CACHED_MS, async () => {
      const row = await this.sessions.find(id);
      return row && { ...row, expiresAt: row.expiresAt.getTime(), endedAt: row.endedAt?.getTime() ?? null };
    });
    return (
      cached && {
        ...cached,
        expiresAt: new Date(cached.expiresAt),
        endedAt: cached.endedAt === null ? null : new Date(cached.endedAt),
      }
    );
  }

  private expiry(now: Date): Date {
    return new Date(now.getTime() + this.config.REFRESH_TOKEN_TTL * 1000);
  }

  /** A session that is no longer there was ended long ago; one that is not marked has expired. */
  private reasonOf(session: SessionRow | undefined): EndReason {
    return session ? (session.endReason ?? 'expired') : 'ended';
  }
}
