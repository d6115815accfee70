import type { ServiceDefinition, StatusObject } from '@grpc/grpc-js';
import type { OnApplicationShutdown, Provider } from '@nestjs/common';
import { type ClientGrpc, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { grpcTargetOf } from '@veche/config';
import type { Contract, Definition } from '@veche/contracts';
import { errorOfStatus } from '@veche/errors';
import { ending, tracer } from '@veche/telemetry';
import { catchError, defer, firstValueFrom, type Observable, throwError } from 'rxjs';
import { CALL_TIMEOUT_MS, type CallContext, toMetadata } from './call';
import { assertCallAllowed } from './call-free-zone';
import type { Client } from './client';
import { SERVICE_TOKEN } from './pipeline';
import { PLAIN, type Tls } from './tls';

/** A page of the log is the largest answer: a thousand entries of four thousand characters. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** By their names: what only reads; and a message, which its author's client id makes safe to send again. */
const REPEATABLE = /^((Get|List|Browse|Check|Validate)[A-Z]|Check$|SendMessage$)/;

/** Calls take turns at the replicas; what is safe to repeat and finds one gone is repeated at another. */
const serviceConfig = (definition: ServiceDefinition): string => {
  const name = Object.values(definition)
    .filter((d) => !d.responseStream)
    .map(({ path }) => path.split('/'))
    .flatMap(([, service, method]) => (REPEATABLE.test(method ?? '') ? [{ service, method }] : []));
  const retryPolicy = {
    maxAttempts: 3,
    initialBackoff: '0.05s',
    maxBackoff: '0.5s',
    backoffMultiplier: 4,
    retryableStatusCodes: ['UNAVAILABLE'],
  };
  return JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: name.length > 0 ? [{ name, retryPolicy }] : [],
  });
};

const channelOptions = {
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  // a replica that comes back is used again within a second
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // a peer that vanished without a word is noticed
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
};

type Stub = Record<string, (request: unknown, metadata: unknown, options: unknown) => Observable<unknown>>;

/**
 * Binds a contract to a service in another process.
 * @param url where it is, or several addresses of replicas with commas between them (see {@link grpcTargetOf})
 * @param tls how it is reached
 */
export const remote = <D extends Definition>(
  contract: Contract<D>,
  url: string,
  { client: credentials, serverName }: Tls = PLAIN,
): Provider => ({
  provide: contract.token,
  inject: [SERVICE_TOKEN],
  useFactory: (serviceToken: string): Client<D> & OnApplicationShutdown => {
    const definition = contract.definition as ServiceDefinition;
    const proxy = ClientProxyFactory.create({
      transport: Transport.GRPC,
      options: {
        url: grpcTargetOf(url) ?? url,
        package: contract.package,
        packageDefinition: { [`${contract.package}.${contract.service}`]: definition },
        credentials,
        channelOptions: {
          ...channelOptions,
          ...(serverName !== undefined && {
            'grpc.ssl_target_name_override': serverName,
            'grpc.default_authority': serverName,
          }),
          'grpc.service_config': serviceConfig(definition),
        },
      },
    });
    const stub = (proxy as unknown as ClientGrpc).getService<Stub>(contract.service);
    const methods = Object.entries(definition).map(([method, d]) => {
      const call = (request: unknown, context: CallContext): Observable<unknown> =>
        defer(() => {
          assertCallAllowed(d.path);
          const deadline = d.responseStream ? undefined : (context.deadline ?? Date.now() + CALL_TIMEOUT_MS);
          const send = stub[method];
          if (!send) throw new Error(`no ${d.path}`);
          // with the lists that were left out
          const whole = d.requestStream ? request : contract.copies[method]?.request(request as never);
          return send(whole, toMetadata(context, serviceToken), deadline === undefined ? {} : { deadline });
        }).pipe(catchError((error: object) => throwError(() => known(error))));
      // as the service that answers names it
      const name = `${contract.package}.${contract.service}/${method}`;
      const unary = (request: unknown, context: CallContext): Promise<unknown> => {
        // what nobody has asked for, such as what a process asks for by itself every second, is in no trace
        const { traceparent: parent } = context;
        const span = parent && tracer?.begin(name, { kind: 'client', parent });
        if (!span) return firstValueFrom(call(request, context));
        return ending(span, firstValueFrom(call(request, { ...context, traceparent: span.traceparent })));
      };
      return [method, d.responseStream ? call : unary];
    });
    return Object.assign(Object.fromEntries(methods) as Client<D>, {
      // after the last request that needs it has been answered
      onApplicationShutdown: () => void proxy.close(),
    });
  },
});

/** A status is translated; our own mistakes (a call inside a transaction) stay what they are. */
const known = (error: object): unknown =>
  'code' in error && 'metadata' in error ? errorOfStatus(error as Partial<StatusObject>) : error;
