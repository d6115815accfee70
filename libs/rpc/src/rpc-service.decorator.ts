import {
  Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { Inject } from '@nestjs/common';
import { GrpcMethod, GrpcStreamMethod, RpcException } from '@nestjs/microservices';
import type { Contract, Definition } from '@veche/contracts';
import { validated } from '@veche/dto';
import { AppError, statusOf } from '@veche/errors';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { Writable } from 'node:stream';
import { v7 as uuid } from 'uuid';
import { type Call, fromMetadata, type Incoming } from './call';
import type { Handlers } from './client';
import { addressOfPeer } from './client-address';
import { declaredOf } from './declared';
import { flowOf } from './flow';
import { RpcPipeline } from './pipeline';
import { Unreadable } from './server';

const PIPELINE = 'rpcPipeline';

type Handler = (request: unknown, call: Call) => unknown;
type Instance = Record<typeof PIPELINE, RpcPipeline>;

const toException = (error: unknown): RpcException =>
  new RpcException(statusOf(error instanceof AppError ? error : new AppError('internal')));

/**
 * Makes a controller the implementation of a contract, for both bindings. Each method of the contract becomes
 * its Nest gRPC handler and passes through the {@link RpcPipeline}: authentication, the method's `@Access`
 * declaration, validation of its request against the DTO it names as its first parameter.
 *
 * @throws Error at class definition, and so at start, where a method is missing or declares no access.
 */
export const RpcService =
  <D extends Definition>(contract: Contract<D>) =>
  <C extends new (...args: never[]) => Handlers<D>>(controller: C): void => {
    const prototype = controller.prototype as Record<string, Handler>;
    Inject(RpcPipeline)(controller.prototype as object, PIPELINE);

    for (const [method, definition] of Object.entries(contract.definition as ServiceDefinition)) {
      const original = prototype[method];
      const path = `${contract.package}.${contract.service}/${method}`;
      if (!original) throw new Error(`${controller.name} does not implement ${path}`);
      const { access, dto } = declaredOf(prototype, method);

      // TypeScript's `this` of a handler is the controller, which carries the injected pipeline
      const invoke = function (this: Instance, request: unknown, incoming: Incoming): unknown {
        const valid = (one: unknown): object => {
          if (one instanceof Unreadable) throw new AppError('invalid_input', { detail: one.reason });
          return validated(dto, one);
        };
        const handle = (call: Call): unknown => {
          const asked = definition.requestStream
            ? (request as Observable<unknown>).pipe(map(valid))
            : valid(request);
          return original.call(this, asked, call);
        };
        return definition.responseStream
          ? this[PIPELINE].stream(path, access, incoming, handle as (call: Call) => Observable<unknown>)
          : this[PIPELINE].unary(path, access, incoming, async (call) => handle(call));
      };

      const handler = function (
        this: Instance,
        request: unknown,
        context: Metadata | Incoming,
        call?:
          | ServerUnaryCall<unknown, unknown>
          | ServerWritableStream<unknown, unknown>
          | ServerDuplexStream<unknown, unknown>,
      ): unknown {
        if (!(context instanceof Metadata)) return invoke.call(this, request, context);
        const deadline = call && Number(call.getDeadline());
        const result = invoke.call(this, request, {
          ...fromMetadata(context, uuid),
          deadline: deadline !== undefined && Number.isFinite(deadline) ? deadline : undefined,
          flow: call instanceof Writable ? flowOf(call) : undefined,
          peer: call && addressOfPeer(call.getPeer()),
        });
        return result instanceof Promise
          ? result.catch((error: unknown) => {
              throw toException(error);
            })
          : (result as Observable<unknown>).pipe(
              catchError((error: unknown) => throwError(() => toException(error))),
            );
      };

      const descriptor = { value: handler, writable: true, configurable: true, enumerable: false };
      Object.defineProperty(prototype, method, descriptor);
      // what decorators have put on the original stays visible on what Nest calls
      for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
        Reflect.defineMetadata(key, Reflect.getMetadata(key, original), handler);
      }
      const bind = definition.requestStream ? GrpcStreamMethod : GrpcMethod;
      bind(contract.service, method)(prototype, method, descriptor);
    }
  };
