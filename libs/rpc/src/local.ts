import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Provider, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Contract, Definition } from '@veche/contracts';
import { AppError, errorOfStatus, statusOf } from '@veche/errors';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { CALL_TIMEOUT_MS, type CallContext, type Incoming } from './call';
import { assertCallAllowed } from './call-free-zone';
import type { Client, Handlers } from './client';
import { FREE } from './flow';
import { SERVICE_TOKEN } from './pipeline';

type Controller = Record<string, (request: unknown, incoming: Incoming) => unknown>;

/** The same hop as over the network, so that a caller cannot tell: an error arrives as a copy. */
const crossed = (error: unknown): AppError =>
  errorOfStatus(statusOf(error instanceof AppError ? error : new AppError('internal')));

const within = async <T>(work: Promise<T>, deadline: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new AppError('deadline_exceeded')), Math.max(0, deadline - Date.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Binds a contract to a controller in this process. Requests and answers pass through the generated codec, so
 * that caller and callee never share an object and unknown fields vanish as they would on the wire.
 */
export const local = <D extends Definition>(
  contract: Contract<D>,
  controller: Type<Handlers<D>>,
): Provider => ({
  provide: contract.token,
  inject: [ModuleRef, SERVICE_TOKEN],
  useFactory: (modules: ModuleRef, serviceToken: string): Client<D> => {
    // looked up at the first call: the controller may itself be waiting for a client
    let target: Controller | undefined;
    const instance = (): Controller =>
      (target ??= modules.get<Handlers<D>, Controller>(controller, { strict: false }));

    const methods = Object.entries(contract.definition as ServiceDefinition).map(([method, d]) => {
      const request = (value: unknown): unknown => d.requestDeserialize(d.requestSerialize(value));
      const response = (value: unknown): unknown => d.responseDeserialize(d.responseSerialize(value));
      const call = (value: unknown, context: CallContext): unknown => {
        assertCallAllowed(d.path);
        return instance()[method]?.(request(value), { ...context, serviceToken, flow: FREE });
      };
      const unary = async (value: unknown, context: CallContext): Promise<unknown> => {
        const deadline = context.deadline ?? Date.now() + CALL_TIMEOUT_MS;
        const result = call(value, { ...context, deadline }) as Promise<unknown>;
        return response(
          await within(result, deadline).catch((error: unknown) => {
            throw crossed(error);
          }),
        );
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
