import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Identified, KeyPrincipal, UserPrincipal } from '@veche/access';
import { isScope } from '@veche/access';
import { BoundedMap } from '@veche/bounded-map';
import type { Config } from '@veche/config';
import {
  type AUTH,
  roleText,
  type ValidateSessionResponse,
  type WatchSessionsResponse,
} from '@veche/contracts';
import { AppError } from '@veche/errors';
import { Authenticator, type CallContext, type Client, type Held } from '@veche/rpc';
import { concat, defer, mergeMap, type Observable, retry, type Subscription, throwError, timer } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { assertApiKey, isMeantAsApiKey } from './api-key';
import { ISSUER, issuerOf, keyIdOf, readAccessToken } from './access-token';
import { PublishedKeys } from './published-keys';

/** About half a kilobyte each, the token before all. */
const MAX_VERIFIED = 20_000;
const MAX_ENDED = 20_000;
/** How long a verification counts while auth cannot tell us about ended sessions. */
const TRUST_UNFOLLOWED_MS = 30_000;
/** A reader in auth may have put into its cache what it had read before a change; see libs/cache. */
const SECOND_LOOK_MS = 2_000;
const ASK_TIMEOUT_MS = 5_000;
const CHECK_AT_ONCE = 1_000;
/** How often it is looked whose token has expired. */
const EXPIRY_MS = 1_000;
/** How often it is looked which keys auth still publishes. */
const KEYS_MS = 60_000;
/** How long a use of an API key is not worth telling auth, which notes when one was last used. */
const API_KEY_MS = 60_000;
/** Of a key that does not expire. */
const NEVER = Number.MAX_SAFE_INTEGER;

type Whose = Partial<Pick<UserPrincipal, 'userId' | 'sessionId'> & Pick<KeyPrincipal, 'keyId'>>;

/** Of an API key, and of a token of somebody else, it is not known before the answer whose it is. */
interface Question extends Whose {
  /** Whether something has changed since it was asked: the answer may be older than that. */
  outdated: boolean;
}

interface Verified {
  readonly principal: Identified;
  readonly at: number;
}

/**
 * Verifies access tokens in the process: the signature with auth's published keys, the session by asking auth
 * once for each token. What was verified counts until the token expires, because auth tells about each session
 * that ends and each user that changes; while it cannot be followed, it counts for thirty seconds. Of an API key the same
 * holds, and what was verified counts for a minute at most.
 */
export class TokenVerifier extends Authenticator implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Tokens');
  private readonly audience: string;
  private readonly keys: PublishedKeys;

  /** By the token. Not by its hash: a busy connection is asked about at each of its calls. */
  private readonly verified: BoundedMap<string, Verified>;
  private readonly asking = new Map<string, Promise<Identified>>();
  /** What auth is being asked about a session just now. */
  private readonly questions = new Set<Question>();
  /** Sessions that were told to have ended, and why. A session never comes back, so a stale answer changes nothing. */
  private readonly ended = new Map<string, string>();
  /** By session. Lists, and one clock for all: there is one of these for each connection. */
  private readonly held = new Map<string, Held[]>();
  private readonly clock = setInterval(() => this.endExpired(), EXPIRY_MS).unref();
  private readonly keysClock = setInterval(() => void this.lookAtKeys(), KEYS_MS).unref();
  /** The key that each principal's token was signed with. */
  private readonly signedWith = new WeakMap<UserPrincipal, { kid: string | undefined }>();
  private following = false;
  private followedUntil = 0;
  private follower?: Subscription;

  /** @param maxVerified tokens that are remembered */
  constructor(
    private readonly auth: Client<typeof AUTH.definition>,
    config: Config,
    maxVerified = MAX_VERIFIED,
  ) {
    super();
    this.verified = new BoundedMap(maxVerified);
    this.audience = config.APPS[0] ?? '';
    this.keys = new PublishedKeys(() => this.auth.getKeys({}, asService()), config.JWT_SECRET);
  }

  onApplicationBootstrap(): void {
    this.follower = this.follow().subscribe();
  }

  onModuleDestroy(): void {
    this.follower?.unsubscribe();
    clearInterval(this.clock);
    clearInterval(this.keysClock);
  }

  async authenticate(token: string): Promise<Identified> {
    const known = this.verified.get(token);
    if (known && this.counts(known)) return this.unexpired(known.principal);
    const asking =
      this.asking.get(token) ??
      (isMeantAsApiKey(token) ? this.askOfKey(token) : this.ask(token)).finally(() =>
        this.asking.delete(token),
      );
    this.asking.set(token, asking);
    return asking;
  }

  override hold(held: Held): void {
    const { sessionId, expiresAt } = held.principal;
    const reason = this.ended.get(sessionId);
    if (reason !== undefined) return held.end(new AppError('session_ended', { detail: reason }));
    if (expiresAt <= Date.now()) return held.end(new AppError('token_expired'));
    const others = this.held.get(sessionId);
    if (others) others.push(held);
    else this.held.set(sessionId, [held]);
  }

  override release(held: Held): void {
    const { sessionId } = held.principal;
    const left = this.held.get(sessionId)?.filter((one) => one !== held) ?? [];
    if (left.length > 0) this.held.set(sessionId, left);
    else this.held.delete(sessionId);
  }

  private async ask(token: string): Promise<UserPrincipal> {
    const issuer = issuerOf(token);
    const isForeign =
      issuer !== undefined && issuer !== ISSUER && (await reachable(this.keys.trusts(issuer)));
    return isForeign ? this.askOfForeign(token) : this.askOfOurs(token);
  }

  /** auth alone knows the keys of others, and whose session their token stands for. */
  private async askOfForeign(token: string): Promise<UserPrincipal> {
    const question: Question = { outdated: false };
    this.questions.add(question);
    const session = await reachable(this.auth.validateSession({ accessToken: token }, asService())).finally(
      () => this.questions.delete(question),
    );
    this.assertNotEnded(session.sessionId);
    const principal = principalOf(session);
    if (!question.outdated) this.verified.set(token, { principal, at: Date.now() });
    return principal;
  }

  private async askOfOurs(token: string): Promise<UserPrincipal> {
    const audiences = [this.audience] as const;
    const claims = readAccessToken(token, await reachable(this.keys.for(token)), {
      audiences,
      now: Date.now(),
    });
    this.assertNotEnded(claims.sid);

    const question: Question = { userId: claims.sub, sessionId: claims.sid, outdated: false };
    this.questions.add(question);
    const session = await reachable(this.auth.validateSession({ accessToken: token }, asService()))
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'session_ended')
          this.end(claims.sid, error.data.detail ?? 'ended');
        throw error;
      })
      .finally(() => this.questions.delete(question));
    this.assertNotEnded(claims.sid);
    const principal = principalOf(session);
    this.signedWith.set(principal, { kid: keyIdOf(token) });
    if (!question.outdated) this.verified.set(token, { principal, at: Date.now() });
    return principal;
  }

  private async askOfKey(secret: string): Promise<KeyPrincipal> {
    assertApiKey(secret);
    const question: Question = { outdated: false };
    this.questions.add(question);
    const key = await reachable(this.auth.validateApiKey({ secret }, asService())).finally(() =>
      this.questions.delete(question),
    );
    const principal: KeyPrincipal = {
      kind: 'key',
      keyId: key.keyId,
      scopes: key.scopes.filter(isScope),
      expiresAt: key.expiresAt?.getTime() ?? NEVER,
    };
    if (!question.outdated) this.verified.set(secret, { principal, at: Date.now() });
    return principal;
  }

  private counts(known: Verified): boolean {
    if (known.principal.kind === 'key' && Date.now() - known.at > API_KEY_MS) return false;
    return this.following || Date.now() - Math.max(known.at, this.followedUntil) <= TRUST_UNFOLLOWED_MS;
  }

  private unexpired(principal: Identified): Identified {
    if (principal.expiresAt <= Date.now()) throw new AppError('token_expired');
    return principal;
  }

  private assertNotEnded(sessionId: string): void {
    const reason = this.ended.get(sessionId);
    if (reason !== undefined) throw new AppError('session_ended', { detail: reason });
  }

  /** Follows auth for ever; each time it has to begin anew, auth sends a resync first. */
  private follow(): Observable<void> {
    const lost = throwError(() => new AppError('unavailable'));
    return concat(
      defer(() => this.auth.watchSessions({}, asService())),
      lost,
    ).pipe(
      mergeMap((event) => this.take(event)),
      retry({
        resetOnSuccess: true,
        delay: (error: unknown, attempt) => {
          if (this.following) this.followedUntil = Date.now();
          this.following = false;
          if (attempt === 1) this.log.warn(`cannot follow sessions, trying again: ${String(error)}`);
          return timer(Math.random() * Math.min(5_000, 100 * 2 ** attempt));
        },
      }),
    );
  }

  private async take({ body }: WatchSessionsResponse): Promise<void> {
    switch (body?.$case) {
      case 'sessionEnded':
        return this.end(body.value.sessionId, body.value.reason);
      case 'userChanged': {
        const { userId } = body.value;
        this.evict((whose) => whose.userId === userId);
        setTimeout(() => this.evict((whose) => whose.userId === userId), SECOND_LOOK_MS).unref();
        return;
      }
      case 'apiKeyChanged': {
        const { keyId } = body.value;
        return this.evict((whose) => whose.keyId === keyId);
      }
      case 'resync':
        this.evict(() => true);
        this.following = true;
        return this.checkHeld();
      case undefined: // sent by a newer auth
    }
  }

  private evict(outdated: (whose: Whose) => boolean): void {
    for (const question of this.questions) question.outdated ||= isUnknown(question) || outdated(question);
    for (const [token, { principal }] of this.verified) if (outdated(principal)) this.verified.delete(token);
  }

  private end(sessionId: string, reason: string): void {
    if (this.ended.has(sessionId)) return; // auth may say so more than once
    const [oldest] = this.ended.keys();
    if (this.ended.size >= MAX_ENDED && oldest !== undefined) this.ended.delete(oldest);
    this.ended.set(sessionId, reason);
    this.evict((whose) => whose.sessionId === sessionId);
    const error = new AppError('session_ended', { detail: reason });
    for (const held of [...(this.held.get(sessionId) ?? [])]) held.end(error);
  }

  private endExpired(): void {
    const now = Date.now();
    const expired: Held[] = [];
    for (const all of this.held.values())
      for (const held of all) if (held.principal.expiresAt <= now) expired.push(held);
    for (const held of expired) held.end(new AppError('token_expired'));
  }

  /**
   * A key goes after the last of its tokens has expired, or because it is in wrong hands: then nothing that was verified
   * with it counts any more, and what is held open comes back with a new token.
   */
  private async lookAtKeys(): Promise<void> {
    // where auth is away, next time
    const gone = await this.keys.refresh().catch((): readonly (string | undefined)[] => []);
    if (gone.length === 0) return;
    const isGone = (principal: Identified): boolean => {
      const signed = principal.kind === 'user' ? this.signedWith.get(principal) : undefined;
      return signed !== undefined && gone.includes(signed.kid);
    };
    for (const [token, { principal }] of this.verified) if (isGone(principal)) this.verified.delete(token);
    const held = [...this.held.values()].flat().filter(({ principal }) => isGone(principal));
    for (const each of held) each.end(new AppError('token_expired'));
  }

  /** Which of the sessions that hold something open have ended while nobody could tell us? */
  private async checkHeld(): Promise<void> {
    const all = [...this.held.keys()];
    for (let from = 0; from < all.length; from += CHECK_AT_ONCE) {
      const sessionIds = all.slice(from, from + CHECK_AT_ONCE);
      const { ended } = await this.auth.checkSessions({ sessionIds }, asService());
      for (const { sessionId, reason } of ended) this.end(sessionId, reason);
    }
  }
}

const principalOf = (session: ValidateSessionResponse): UserPrincipal => {
  const role = roleText.word(session.role);
  if (!role || !session.expiresAt) throw new AppError('internal');
  const { userId, sessionId, appId } = session;
  return { kind: 'user', userId, sessionId, role, appId, expiresAt: session.expiresAt.getTime() };
};

const isUnknown = ({ userId, keyId }: Whose): boolean => userId === undefined && keyId === undefined;

const asService = (): CallContext => ({ requestId: uuid(), deadline: Date.now() + ASK_TIMEOUT_MS });

/** An auth that does not answer in time is out of reach, like one that is not there. */
const reachable = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'deadline_exceeded'
      ? new AppError('unavailable')
      : error;
  });
