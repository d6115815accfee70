import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Provider, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Contract, Definition } from '@veche/contracts';
import { AppError, errorOfStatus, statusOf } from '@veche/errors';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { CALL_TIMEOUT_MS, type CallContext, type Incoming, THIS_PROCESS } from './call';
import { assertCallAllowed } from './call-free-zone';
import type { Client, Handlers } from './client';
import { FREE } from './flow';

type Controller = Record<string, (request: unknown, incoming: Incoming) => unknown>;

/** The same hop as over the network, so that a caller cannot tell: an error arrives as a copy. */
const crossed = (error: unknown): AppError =>
  errorOfStatus(statusOf(error instanceof AppError ? error : new AppError('internal')));

/** What the work answers, or `deadline_exceeded`. One promise and one timer: this is on the way of every call. */
const within = (work: Promise<unknown>, deadline: number): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new AppError('deadline_exceeded'));
    const timer = setTimeout(late, Math.max(0, deadline - Date.now()));
    work.then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(crossed(error));
      },
    );
  });

/**
 * Binds a contract to a controller in this process. Requests and answers are copied field by field, so that caller and
 * callee never share an object, and unknown fields vanish as they would on the wire.
 */
export const local = <D extends Definition>(
  contract: Contract<D>,
  controller: Type<Handlers<D>>,
): Provider => ({
  provide: contract.token,
  inject: [ModuleRef],
  useFactory: (modules: ModuleRef): Client<D> => {
    // looked up at the first call: the controller may itself be waiting for a client
    let target: Controller | undefined;
    const instance = (): Controller =>
      (target ??= modules.get<Handlers<D>, Controller>(controller, { strict: false }));

    const methods = Object.entries(contract.definition as ServiceDefinition).map(([method, d]) => {
      const { request, response } = contract.copies[method] as Record<
        'request' | 'response',
        (value: unknown) => unknown
      >;
      const call = (value: unknown, context: CallContext, deadline = context.deadline): unknown => {
        assertCallAllowed(d.path);
        const { token, requestId, clientIp, proof, traceparent } = context;
        const incoming = {
          token,
          requestId,
          clientIp,
          proof,
          traceparent,
          deadline,
          serviceToken: THIS_PROCESS,
          flow: FREE,
        } as const;
        const asked = d.requestStream ? (value as Observable<unknown>).pipe(map(request)) : request(value);
        return instance()[method]?.(asked, incoming);
      };
      const unary = async (value: unknown, context: CallContext): Promise<unknown> => {
        const deadline = context.deadline ?? Date.now() + CALL_TIMEOUT_MS;
        return response(await within(call(value, context, deadline) as Promise<unknown>, deadline));
      };
      const stream = (value: unknown, context: CallContext): Observable<unknown> =>
        (call(value, context) as Observable<unknown>).pipe(
          map(response),
          catchError((error: unknown) => throwError(() => crossed(error))),
        );
      return [method, d.responseStream ? stream : unary];
    });
    return Object.fromEntries(methods) as Client<D>;
  },
});
