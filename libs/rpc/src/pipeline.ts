import { Inject, Injectable, Logger } from '@nestjs/common';
import { ANONYMOUS, type AccessRule, decide, nameOf, type UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import { CallRates, networkOf } from '@veche/limits';
import { secondsSince } from '@veche/metrics';
import {
  failureOf,
  inRequest,
  inSpan,
  requestIsOf,
  requestIsTraced,
  type Span,
  tracer,
} from '@veche/telemetry';
import { catchError, defer, from, mergeMap, Observable, throwError } from 'rxjs';
import { Authenticator, type Held } from './authenticator';
import { type Call, type Incoming, THIS_PROCESS } from './call';
import { Credential } from './credential';
import { FREE } from './flow';
import { rpcSeconds, rpcStreams } from './rpc.metrics';

/** The injection token of the credential that services show each other. */
export const SERVICE_TOKEN = Symbol('SERVICE_TOKEN');

/** Calls that may wait for their answers in this process: more would only wait longer, and each holds memory. */
const MAX_UNDER_WAY = 20_000;
/** Streams that one user may hold open in this process, each of which holds memory. */
const MAX_STREAMS = 32;

/** The source, as long as its principal may hear it. */
const whileHeld = <T>(
  source: Observable<T>,
  authenticator: Authenticator,
  principal: UserPrincipal,
): Observable<T> =>
  new Observable<T>((observer) => {
    const held: Held = { principal, end: (error) => observer.error(error) };
    observer.add(() => authenticator.release(held));
    authenticator.hold(held);
    if (!observer.closed) observer.add(source.subscribe(observer));
  });

/** The longest list in an answer: what it costs follows what it holds. */
const thingsIn = (answer: unknown): number =>
  Math.max(0, ...Object.values(answer as object).map((value) => (Array.isArray(value) ? value.length : 0)));

/** Whose calls are counted together: a user's, a key's, or those of a network whose people have not said who they are. */
const counted = ({ principal, clientIp }: Pick<Call, 'principal' | 'clientIp'>): string =>
  nameOf(principal) ?? `network ${networkOf(clientIp)}`;

const within = <T>({ requestId, clientIp: address }: Incoming, work: () => T): T =>
  inRequest({ requestId, address }, work);

/**
 * What happens before and after every handler of an rpc, whichever binding brought the call: who is it, may
 * they, is the request valid; and an error that is no {@link AppError} is logged and becomes `internal`.
 */
@Injectable()
export class RpcPipeline {
  private readonly log = new Logger('Rpc');
  private readonly credential: Credential;
  private underWay = 0;
  /** How many streams each user holds open. */
  private readonly streams = new Map<string, number>();

  constructor(
    private readonly authenticator: Authenticator,
    @Inject(SERVICE_TOKEN) serviceToken: string,
    private readonly rates: CallRates,
  ) {
    this.credential = new Credential(serviceToken);
  }

  unary<T>(
    path: string,
    access: AccessRule,
    incoming: Incoming,
    handle: (call: Call) => Promise<T>,
  ): Promise<T> {
    return within(incoming, async () => {
      const began = performance.now();
      let failed: AppError | undefined;
      const span = tracer && this.spanFor(path, incoming);
      try {
        if (!span) return await this.answer(path, access, incoming, handle);
        const traced = { ...incoming, traceparent: span.traceparent };
        return await inSpan(span, () => this.answer(path, access, traced, handle));
      } catch (error) {
        failed = error as AppError;
        throw error;
      } finally {
        span?.end(failed && failureOf(failed.code));
        rpcSeconds.observe({ method: path, code: failed?.code ?? 'ok' }, secondsSince(began));
      }
    });
  }

  /** What services ask for by themselves, every second perhaps, begins no trace. */
  private spanFor(path: string, { traceparent: parent, serviceToken }: Incoming): Span | undefined {
    if (parent === undefined && this.isService(serviceToken)) return undefined;
    const span = tracer?.begin(path, { kind: serviceToken === THIS_PROCESS ? 'internal' : 'server', parent });
    if (span) requestIsTraced(span.traceId);
    return span;
  }

  private isService(serviceToken: Incoming['serviceToken']): boolean {
    return serviceToken === THIS_PROCESS || this.credential.is(serviceToken);
  }

  /** @throws AppError and nothing else */
  private async answer<T>(
    path: string,
    access: AccessRule,
    incoming: Incoming,
    handle: (call: Call) => Promise<T>,
  ): Promise<T> {
    if (this.underWay >= MAX_UNDER_WAY) throw new AppError('overloaded');
    this.underWay++;
    try {
      const call = await this.open(access, incoming);
      const answer = await handle(call);
      if (!call.fromService) this.rates.answered(counted(call), thingsIn(answer));
      return answer;
    } catch (error) {
      throw this.expected(path, error);
    } finally {
      this.underWay--;
    }
  }

  /** A stream ends when its caller's session does. A user may hold a few at once, a service any number. */
  stream<T>(
    path: string,
    access: AccessRule,
    incoming: Incoming,
    handle: (call: Call) => Observable<T>,
  ): Observable<T> {
    const source = defer(() => from(this.open(access, incoming))).pipe(
      mergeMap((call) => {
        const { principal } = call;
        if (principal.kind !== 'user') return handle(call);
        const held = defer(() => whileHeld(handle(call), this.authenticator, principal));
        return call.fromService ? held : this.oneOfFew(held, principal.userId);
      }),
      catchError((error: unknown) => throwError(() => this.expected(path, error))),
    );
    return new Observable((observer) => {
      rpcStreams.inc({ method: path });
      observer.add(() => rpcStreams.dec({ method: path }));
      return within(incoming, () => source.subscribe(observer));
    });
  }

  /** The source, unless the user holds too many already. */
  private oneOfFew<T>(source: Observable<T>, userId: string): Observable<T> {
    return new Observable((observer) => {
      const count = (change: 1 | -1): void => {
        const open = (this.streams.get(userId) ?? 0) + change;
        if (open > MAX_STREAMS) throw new AppError('rate_limited', { detail: 'Too many streams' });
        if (open > 0) this.streams.set(userId, open);
        else this.streams.delete(userId);
      };
      count(1);
      observer.add(() => count(-1));
      observer.add(source.subscribe(observer));
    });
  }

  private async open(access: AccessRule, incoming: Incoming): Promise<Call> {
    const { token, requestId, deadline, proof, traceparent, serviceToken, flow = FREE } = incoming;
    const fromService = this.isService(serviceToken);
    const clientIp = fromService ? incoming.clientIp : incoming.peer;
    // a service acts for itself where only services may call, and a public handler needs no token
    const principal =
      token === undefined || access === 'service'
        ? ANONYMOUS
        : await this.authenticate(token, access).catch((error: unknown) => {
            if (!fromService) this.rates.spend(counted({ principal: ANONYMOUS, clientIp }));
            throw error;
          });
    if (principal.kind === 'user') requestIsOf(principal.userId, principal.sessionId);
    // a service has counted at its own door
    if (!fromService) this.rates.spend(counted({ principal, clientIp }));
    const verdict = decide(access, { principal, fromService });
    if (verdict !== 'allowed') throw new AppError(verdict);
    return { token, requestId, deadline, clientIp, proof, traceparent, principal, fromService, flow };
  }

  private async authenticate(token: string, access: AccessRule): Promise<Call['principal']> {
    try {
      return await this.authenticator.authenticate(token);
    } catch (error) {
      // a stale token must not keep anybody from logging in
      if (access === 'public' && error instanceof AppError) return ANONYMOUS;
      throw error;
    }
  }

  private expected(path: string, error: unknown): AppError {
    if (error instanceof AppError) return error;
    this.log.error({ err: error, path }, 'unexpected error');
    return new AppError('internal');
  }
}
