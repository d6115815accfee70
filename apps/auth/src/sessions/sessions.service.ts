import { Injectable, Logger } from '@nestjs/common';
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
import type { CheckSessionsDto, EndSessionDto, LogoutDto, RefreshDto, ValidateSessionDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import type { Observable } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { CACHED_MS } from '../cached';
import { Clock } from '../clock';
import { KeysService } from '../keys/keys.service';
import { toUser, type UserRow } from '../users/user.wire';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { remember, type UsedProof } from './proof.rules';
import { type Proof, Proofs } from './proofs';
import {
  askLate,
  familyHash,
  newFamily,
  newTurn,
  parseRefreshToken,
  type RefreshToken,
  refreshTokenAt,
  useCurrent,
  whichOf,
} from './refresh-token';
import { SessionEvents } from '../events/session-events';
import { refreshes, sessionsEnded, suspicions } from './sessions.metrics';
import { type EndReason, isAlive, renewal } from './session.rules';
import { type EndedSession, toEnded, toSession } from './session.wire';
import { type AllSessions, type LineRow, type SessionRow, SessionsRepository } from './sessions.repository';

const sessionKey = (id: string): string => `auth:session:${id}`;

/** As the cache keeps it: JSON, so that a time is a number. */
type CachedSession = Omit<SessionRow, 'expiresAt' | 'endedAt'> & {
  expiresAt: number;
  endedAt: number | null;
};

/** What a session that has just begun, or was renewed, hands out. */
export interface Tokens {
  readonly session: Pick<SessionRow, 'id' | 'appId' | 'expiresAt' | 'answer'>;
  readonly refreshToken: string;
}

/** Where somebody logs in: the application, and the device with the key that it has proven, if it has one. */
export interface Device {
  readonly appId: string;
  readonly deviceName: string;
  readonly ip: string;
  readonly proof: Proof | undefined;
}

type Renewed = Tokens & { user: UserRow };
/** A session that cannot be renewed, with what ended just now. */
interface NotRenewed {
  readonly ended: readonly EndedSession[];
  readonly reason: EndReason;
}

/** Sessions from their beginning through each renewal to their end. */
@Injectable()
export class SessionsService {
  private readonly security = new Logger('Security');

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly sessions: SessionsRepository,
    private readonly users: UsersRepository,
    private readonly profiles: UsersService,
    private readonly keys: KeysService,
    private readonly proofs: Proofs,
    private readonly events: SessionEvents,
    private readonly cache: Cache,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** Begins a session of somebody whose password was verified, in the transaction that has their account locked. */
  async begin(tx: Queries, userId: string, { proof, ...device }: Device): Promise<Tokens> {
    const now = this.clock.now();
    const family = newFamily();
    const session = { ...device, id: uuid(), userId, createdAt: now, expiresAt: this.expiry(now) };
    await this.sessions.insert(tx, {
      ...session,
      familyHash: familyHash(family),
      deviceKey: proof?.deviceKey ?? null,
    });
    return { session: { ...session, answer: 0 }, refreshToken: refreshTokenAt(family, null) };
  }

  /** Makes the refresh tokens of a session that lives useless, and gives it a new one. */
  async beginLine(tx: Queries, sessionId: string): Promise<Tokens | undefined> {
    const family = newFamily();
    const session = await this.sessions.beginLine(tx, sessionId, familyHash(family));
    return session && { session, refreshToken: refreshTokenAt(family, null) };
  }

  /**
   * The session of whatever one issuer has issued for somebody, in the transaction that holds their account; what ended is
   * to be {@link announce}d.
   * @param until until when it goes on at least; as long as after a login unless told
   */
  async issue(
    tx: Queries,
    userId: string,
    issuedBy: string,
    until?: Date,
  ): Promise<{ session: SessionRow; ended: readonly EndedSession[] }> {
    const now = this.clock.now();
    const ended = await this.sessions.endExpiredOf(tx, userId, issuedBy, now);
    const session = await this.sessions.issue(tx, {
      id: uuid(),
      userId,
      appId: this.config.APPS[0] ?? '',
      createdAt: now,
      expiresAt: until ?? this.expiry(now),
      issuedBy,
    });
    return { session, ended };
  }

  /** When what one issuer has issued for somebody was last ended, and why. */
  lastEndOf(tx: Queries, userId: string, issuedBy: string): ReturnType<SessionsRepository['lastEnd']> {
    return this.sessions.lastEnd(tx, userId, issuedBy);
  }

  /** An access token of a session. */
  accessToken(
    userId: string,
    session: Tokens['session'],
  ): { readonly accessToken: string; readonly expiresIn: number } {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    // it must not outlive the session that it stands for
    const left = Math.floor(session.expiresAt.getTime() / 1000) - now;
    const expiresIn = Math.min(this.config.ACCESS_TOKEN_TTL, left);
    const { id: sid, appId: aud, answer: ans } = session;
    return { accessToken: this.keys.sign({ sub: userId, sid, aud, ans, exp: now + expiresIn }), expiresIn };
  }

  grant(user: UserRow, { session, refreshToken }: Tokens): Grant {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return {
      ...this.accessToken(user.id, session),
      refreshToken,
      refreshExpiresIn: Math.floor(session.expiresAt.getTime() / 1000) - now,
      user: toUser(user),
      sessionId: session.id,
    };
  }

  async refresh({ refreshToken }: RefreshDto, call: Call): Promise<RefreshResponse> {
    const proof = await this.proofs.read(call.proof, 'refresh');
    const token = parseRefreshToken(refreshToken);
    const renewed = await this.db.transaction((tx) => this.renew(tx, token, proof, call.clientIp));
    if ('user' in renewed) {
      refreshes.inc();
      return { grant: this.grant(renewed.user, renewed) };
    }
    await this.announce(renewed.ended);
    throw new AppError('session_ended', { detail: renewed.reason });
  }

  /**
   * Ends the session of who calls; where no access token tells, the one that a refresh token belongs to.
   * @throws AppError `unauthenticated`, `invalid_token`, `invalid_proof`, `stale_proof`
   */
  async logout({ refreshToken }: LogoutDto, call: Call): Promise<void> {
    const { principal } = call;
    const ended =
      principal.kind === 'user'
        ? await this.sessions.end(
            { id: principal.sessionId, userId: principal.userId },
            'logout',
            this.clock.now(),
          )
        : await this.logoutBy(refreshToken, call);
    // a second logout that overtook this one has ended it as well
    if (ended) await this.announce([ended]);
  }

  async list(call: Call): Promise<ListSessionsResponse> {
    const { userId, sessionId } = callerOf(call);
    const rows = await this.sessions.listAlive(userId, this.clock.now());
    return { sessions: rows.map((row) => toSession(row, sessionId, this.clock.now())) };
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
    const { sub, sid, aud, exp, ans } = await this.keys.read(accessToken);
    const session = await this.known(sid);
    // not the session's end: whoever believed that would shut its owner out
    if (session && session.userId !== sub) throw new AppError('invalid_token');
    if (!session || !isAlive(session, this.clock.now()))
      throw new AppError('session_ended', { detail: this.reasonOf(session) });
    await this.arrived(session, ans);
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
    for (const session of ended) sessionsEnded.inc({ reason: toEnded(session).reason });
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

  /** Of a session that is bound to a key, only its device can end it this way: a thief logs nobody out. */
  private async logoutBy(refreshToken: string | undefined, call: Call): Promise<EndedSession | undefined> {
    if (refreshToken === undefined) throw new AppError('unauthenticated');
    const proof = await this.proofs.read(call.proof, 'logout');
    const { family } = parseRefreshToken(refreshToken);
    return this.db.transaction(async (tx) => {
      const session = await this.sessions.lockByFamily(tx, familyHash(family));
      if (!session) throw new AppError('invalid_token');
      const now = this.clock.now();
      this.proven(session, proof, now, call.clientIp);
      return this.sessions.end(session, 'logout', now, tx);
    });
  }

  private async renew(
    tx: Queries,
    token: RefreshToken,
    proof: Proof | undefined,
    ip: string | undefined,
  ): Promise<Renewed | NotRenewed> {
    const session = await this.sessions.lockByFamily(tx, familyHash(token.family));
    if (!session) throw new AppError('invalid_token');
    const now = this.clock.now();
    const proofs = this.proven(session, proof, now, ip);
    const end = async (reason: EndReason): Promise<NotRenewed> => {
      const ended = await this.sessions.end(session, reason, now, tx);
      return { ended: ended ? [ended] : [], reason };
    };

    const { turn, usedTurns } = session;
    const line = { isBound: session.deviceKey !== null, isAnswered: session.answered };
    const verdict = renewal(session, line, whichOf(token, turn, usedTurns), now);
    if (verdict === 'ended') return { ended: [], reason: session.endReason ?? 'ended' };
    if (verdict === 'expired') return end('expired');
    if (verdict === 'reused') {
      this.suspect(session, 'refresh token used again, session ended', ip);
      return end('token_reused');
    }
    const user = await this.users.find(session.userId, tx);
    if (!user || user.disabled) return end('account_disabled');

    const answer = session.answer + 1;
    const asked: LineRow = { ...session, expiresAt: this.expiry(now), answer, proofs };
    const renewed: LineRow =
      verdict === 'advance'
        ? {
            ...asked,
            turn: newTurn(),
            usedTurns: useCurrent(turn, usedTurns, now.getTime()),
            turnAnswer: answer,
            // who proves that they ask may always ask again, so it need not be known what has arrived
            answered: line.isBound,
          }
        : verdict === 'late'
          ? { ...asked, usedTurns: askLate(usedTurns, now.getTime()), validFrom: answer }
          : asked;
    // where it is asked again from is not told: it would betray to one of two when the other has asked
    await this.sessions.renew(tx, renewed, now, verdict === 'advance' ? ip : undefined);
    return { session: renewed, refreshToken: refreshTokenAt(token.family, renewed.turn), user };
  }

  /**
   * The proofs to remember, where the key that a session is bound to proves that its device asks, or none is needed.
   * @throws AppError `invalid_proof`, `stale_proof`; the session goes on, and only its device can renew it
   */
  private proven(
    session: LineRow,
    proof: Proof | undefined,
    now: Date,
    ip: string | undefined,
  ): readonly UsedProof[] {
    if (session.deviceKey === null) return session.proofs;
    if (proof?.deviceKey !== session.deviceKey) {
      this.suspect(session, 'refresh token shown without the key of its device', ip);
      throw new AppError('invalid_proof');
    }
    const proofs = remember(session.proofs, proof.id, now.getTime());
    if (proofs === 'too many') throw new AppError('rate_limited');
    // a proxy or a browser may have sent a request twice: the device makes another proof
    if (proofs === 'replayed') throw this.proofs.stale();
    return proofs;
  }

  private suspect({ id, userId }: LineRow, what: string, ip: string | undefined): void {
    suspicions.inc();
    this.security.warn({ session: id, user: userId, address: ip }, what);
  }

  /**
   * An access token is used: so the answer that brought it has arrived, and from now on who asks the same question late
   * is not the one who got it.
   * @throws AppError `token_expired` where who asked late said that it did not arrive
   */
  private async arrived(session: SessionRow, answer: number): Promise<void> {
    const isKnown = answer < session.turnAnswer || (session.answered && answer <= session.answer);
    if (isKnown && answer >= session.validFrom) return;
    if (!(await this.sessions.markAnswered(session.id, answer))) throw new AppError('token_expired');
    await this.cache.forget(sessionKey(session.id));
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
