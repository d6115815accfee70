import { type AccessRule, accessOf } from '@veche/access';

const EACH = 'veche:each';

/** Names the DTO of each request of a handler that takes a stream of them. */
export const Each =
  (dto: new () => object): MethodDecorator =>
  (prototype, method) =>
    Reflect.defineMetadata(EACH, dto, prototype, method);

/**
 * What the method of a handler declares: who may call it, and the DTO that its first parameter, or `@Each`, names.
 * @throws Error, and so at start, where it declares no access or names no DTO
 */
export const declaredOf = (
  prototype: object,
  method: string,
): { access: AccessRule; dto: new () => object } => {
  const name = `${prototype.constructor.name}.${method}`;
  const access = accessOf((prototype as Record<string, object>)[method] ?? {});
  if (!access) throw new Error(`${name} declares no @Access`);
  const [named] = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as (new () => object)[];
  const dto = (Reflect.getMetadata(EACH, prototype, method) as typeof named) ?? named;
  if (!dto || dto === Object) throw new Error(`${name} names no DTO for its payload`);
  return { access, dto };
};
