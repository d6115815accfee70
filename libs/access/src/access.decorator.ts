import 'reflect-metadata';
import type { Permission } from './permissions.rules';

export type AccessRule = 'public' | 'service' | Permission;

const KEY = 'veche:access';

/**
 * Declares who may call a handler; the same on a REST route, a socket event and a gRPC method. A handler
 * without it fails the start: forgetting a check must not be possible in silence.
 */
export const Access =
  (rule: AccessRule): MethodDecorator =>
  (_target, _key, descriptor) => {
    Reflect.defineMetadata(KEY, rule, descriptor.value as object);
  };

/** What a handler declares. */
export const accessOf = (handler: object): AccessRule | undefined =>
  Reflect.getMetadata(KEY, handler) as AccessRule | undefined;
