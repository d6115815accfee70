import type { AccessRule } from '@veche/access';
import type { Calls } from '@veche/protocol';
import { declaredOf } from '@veche/rpc';
import { input } from '../input.pipe';
import type { SocketCall } from './socket-call';

const CALL = 'veche:call';

type Handles<C extends keyof Calls> = (
  payload: never,
  call: SocketCall,
) => Calls[C]['answer'] | Promise<Calls[C]['answer']>;

/** Makes a method the handler of a client's call. Its payload becomes the DTO that it names as its first parameter. */
export const OnCall =
  <C extends keyof Calls>(name: C) =>
  <H extends Handles<C>>(_target: object, _key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    Reflect.defineMetadata(CALL, name, descriptor.value as object);
  };

export interface CallHandler {
  readonly name: string;
  readonly access: AccessRule;
  /** @throws AppError `invalid_input`, and whatever the handler throws */
  readonly handle: (payload: unknown, call: SocketCall) => object | Promise<object>;
}

/**
 * The handlers that an object has, by the names of their calls.
 * @throws Error, and so at start, where one declares no access or names no DTO
 */
export const handlersOf = (instance: object): ReadonlyMap<string, CallHandler> => {
  const prototype = Object.getPrototypeOf(instance) as object;
  const handlers = new Map<string, CallHandler>();
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method = value as ((payload: object, call: SocketCall) => object | Promise<object>) | undefined;
    const name = method && (Reflect.getMetadata(CALL, method) as string | undefined);
    if (!name) continue;
    const { access, dto } = declaredOf(prototype, key);
    handlers.set(name, {
      name,
      access,
      handle: (payload, call) => method.call(instance, input(dto, payload), call),
    });
  }
  return handlers;
};
