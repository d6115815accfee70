import { type AccessRule, accessOf } from '@veche/access';

/**
 * What the method of a handler declares: who may call it, and the DTO that its first parameter names.
 * @throws Error, and so at start, where it declares no access or names no DTO
 */
export const declaredOf = (
  prototype: object,
  method: string,
): { access: AccessRule; dto: new () => object } => {
  const name = `${prototype.constructor.name}.${method}`;
  const access = accessOf((prototype as Record<string, object>)[method] ?? {});
  if (!access) throw new Error(`${name} declares no @Access`);
  const [dto] = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as (new () => object)[];
  if (!dto || dto === Object) throw new Error(`${name} names no DTO for its payload`);
  return { access, dto };
};
