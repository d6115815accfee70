import type { MethodDefinition } from '@grpc/grpc-js';

/** The generated definition of a service: one entry for each rpc. */
export type Definition = Readonly<
  Record<
    string,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each rpc has types of its own
    MethodDefinition<any, any>
  >
>;

/** Makes a copy of a message with the fields that its type knows, and their defaults, as a way over the wire does. */
export type Copy = (message: never) => object;

/** The generated types of a service's messages, by rpc. */
type Messages = Readonly<
  Record<string, Record<'requestType' | 'responseType', { readonly fromPartial: Copy }>>
>;

/** A service that callers hold a typed client of, without knowing where it runs. */
export interface Contract<D extends Definition> {
  /** The injection token of its client. */
  readonly token: symbol;
  /** As in the proto file: `veche.auth.v1`. */
  readonly package: string;
  /** `AuthService` */
  readonly service: string;
  readonly definition: D;
  /** By rpc. */
  readonly copies: Readonly<Record<string, { readonly request: Copy; readonly response: Copy }>>;
}

export const contract = <D extends Definition>(
  definition: D,
  { methods }: { methods: Messages },
): Contract<D> => {
  const [first] = Object.values(definition);
  const [, name] = (first?.path ?? '').split('/');
  if (!name) throw new Error('a service without methods cannot be a contract');
  const dot = name.lastIndexOf('.');
  const copies = Object.entries(methods).map(([method, { requestType, responseType }]) => [
    method,
    { request: requestType.fromPartial, response: responseType.fromPartial },
  ]);
  return {
    token: Symbol(name),
    package: name.slice(0, dot),
    service: name.slice(dot + 1),
    definition,
    copies: Object.fromEntries(copies) as Contract<D>['copies'],
  };
};
