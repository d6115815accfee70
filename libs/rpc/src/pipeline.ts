import { Inject, Injectable, Logger } from '@nestjs/common';
import { ANONYMOUS, type AccessRule, decide } from '@veche/access';
import { AppError } from '@veche/errors';
import { inRequest } from '@veche/telemetry';
import { createHash, timingSafeEqual } from 'node:crypto';
import { catchError, defer, from, mergeMap, Observable, throwError } from 'rxjs';
import { Authenticator } from './authenticator';
import type { Call, Incoming } from './call';
import { FREE } from './flow';

/** The injection token of the credential that services show each other. */
export const SERVICE_TOKEN = Symbol('SERVICE_TOKEN');

/** The source, until the guard errors. */
const guarded = <T>(source: Observable<T>, guard: Observable<never>): Observable<T> =>
  new Observable<T>((observer) => {
    const subscription = guard.subscribe({ error: (error: unknown) => observer.error(error) });
    subscription.add(source.subscribe(observer));
    return subscription;
  });

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/**
 * What happens before and after every handler of an rpc, whichever binding brought the call: who is it, may
 * they, is the request valid; and an error that is no {@link AppError} is logged and becomes `internal`.
 */
@Injectable()
export class RpcPipeline {
  private readonly log = new Logger('Rpc');
  private readonly credential: Buffer;

  constructor(
    private readonly authenticator: Authenticator,
    @Inject(SERVICE_TOKEN) serviceToken: string,
  ) {
    this.credential = digest(serviceToken);
  }

  unary<T>(
    path: string,
    access: AccessRule,
    incoming: Incoming,
    handle: (call: Call) => Promise<T>,
  ): Promise<T> {
    return inRequest(incoming.requestId, async () => {
      try {
        return await handle(await this.open(access, incoming));
      } catch (error) {
        throw this.expected(path, error);
      }
    });
  }

  /** A stream ends when its caller's session does. */
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
        return guarded(handle(call), this.authenticator.whileValid(principal));
      }),
      catchError((error: unknown) => throwError(() => this.expected(path, error))),
    );
    return new Observable((observer) => inRequest(incoming.requestId, () => source.subscribe(observer)));
  }

  private async open(access: AccessRule, incoming: Incoming): Promise<Call> {
    const { serviceToken, flow = FREE, ...context } = incoming;
    const fromService = serviceToken !== undefined && timingSafeEqual(digest(serviceToken), this.credential);
    // a service acts for itself where only services may call, and a public handler needs no token
    const principal =
      incoming.token === undefined || access === 'service'
        ? ANONYMOUS
        : await this.authenticate(incoming.token, access);
    const verdict = decide(access, { principal, fromService });
    if (verdict !== 'allowed') throw new AppError(verdict);
    return {
      ...context,
      clientIp: fromService ? incoming.clientIp : undefined,
      principal,
      fromService,
      flow,
    };
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
