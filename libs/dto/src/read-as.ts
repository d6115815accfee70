type Read = (value: unknown) => unknown;

/** By prototype, then by field. */
const declared = new WeakMap<object, Map<string, Read>>();

/** How the value of a field is read, before it is checked. */
export const ReadAs =
  (read: Read): PropertyDecorator =>
  (prototype, field) => {
    const readings = declared.get(prototype) ?? new Map<string, Read>();
    declared.set(prototype, readings.set(String(field), read));
  };

/** What was declared for the fields of a class, and of those that it extends. */
export const readingsOf = (type: abstract new () => object): ReadonlyMap<string, Read> => {
  const found = new Map<string, Read>();
  for (let of = type.prototype as object | null; of; of = Object.getPrototypeOf(of) as object | null)
    for (const [field, read] of declared.get(of) ?? []) if (!found.has(field)) found.set(field, read);
  return found;
};
