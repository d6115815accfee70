import type { Definition } from '@veche/contracts';
import type { Observable } from 'rxjs';
import type { Call, CallContext } from './call';

type Method<D extends Definition, M extends keyof D> = D[M];
type RequestOf<X> = X extends { requestDeserialize: (value: Buffer) => infer Q } ? Q : never;
type ResponseOf<X> = X extends { responseDeserialize: (value: Buffer) => infer R } ? R : never;
type Streams<X> = X extends { responseStream: true } ? true : false;
/** One request, or as many as the caller has to make while the stream lasts. */
type Asked<X> = X extends { requestStream: true } ? Observable<RequestOf<X>> : RequestOf<X>;

type Lists<Q> = { [F in keyof Q]-?: Q[F] extends readonly unknown[] ? F : never }[keyof Q];
/** A request as its caller writes it: a list without anything in it may be left out, which is the same on the wire. */
type Written<Q> = Q extends Observable<unknown> ? Q : Omit<Q, Lists<Q>> & Partial<Pick<Q, Lists<Q>>>;

/** What callers hold: a Promise for each unary call, an Observable for each stream. */
export type Client<D extends Definition> = {
  readonly [M in keyof D]: (
    request: Written<Asked<Method<D, M>>>,
    context: CallContext,
  ) => Streams<Method<D, M>> extends true
    ? Observable<ResponseOf<Method<D, M>>>
    : Promise<ResponseOf<Method<D, M>>>;
};

/** What a controller implements. */
export type Handlers<D extends Definition> = {
  [M in keyof D]: (
    request: Asked<Method<D, M>>,
    call: Call,
  ) => Streams<Method<D, M>> extends true
    ? Observable<ResponseOf<Method<D, M>>>
    : Promise<ResponseOf<Method<D, M>>> | ResponseOf<Method<D, M>>;
};
