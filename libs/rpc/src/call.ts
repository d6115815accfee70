import { Metadata } from '@grpc/grpc-js';
import type { KeyPrincipal, Principal, UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import type { Flow } from './flow';

/** How long a call may take when nobody says otherwise. */
export const CALL_TIMEOUT_MS = 10_000;

/** What travels with every call, in both bindings. */
export interface CallContext {
  /** The access token of the person on whose behalf the call is made. */
  readonly token?: string;
  readonly requestId: string;
  /** When the caller stops waiting, in milliseconds since 1970. Streams have none. */
  readonly deadline?: number;
  /** The address of the person's device, as the gateway saw it. Believed only from a service; of others, their own. */
  readonly clientIp?: string;
  /** What proves that the device holds its key (DPoP, RFC 9449), where the caller showed it. */
  readonly proof?: string;
  /** The span that the call is made in, as W3C Trace Context has it; in a service, the span that answers it. */
  readonly traceparent?: string | undefined;
}

/**
 * A call as a service sees it: its context, and who was found to be behind it. Passing it on to another
 * client forwards token, request id and what is left of the deadline.
 */
export interface Call extends CallContext {
  readonly principal: Principal;
  /** Whether the caller showed the service credential. */
  readonly fromService: boolean;
  /** How the caller keeps up with a stream. */
  readonly flow: Flow;
}

/**
 * The person behind a call.
 * @throws AppError `unauthenticated` where there is none, `forbidden` for a program that is nobody in particular
 */
export const callerOf = (call: Call): UserPrincipal => {
  if (call.principal.kind === 'key') throw new AppError('forbidden');
  if (call.principal.kind !== 'user') throw new AppError('unauthenticated');
  return call.principal;
};

/**
 * The API key behind a call.
 * @throws AppError `unauthenticated` where there is nobody, `forbidden` for a person
 */
export const keyOf = (call: Call): KeyPrincipal => {
  if (call.principal.kind === 'user') throw new AppError('forbidden');
  if (call.principal.kind !== 'key') throw new AppError('unauthenticated');
  return call.principal;
};

/** Instead of the service credential: no stranger can hold it, because it does not travel. */
export const THIS_PROCESS = Symbol('THIS_PROCESS');

/** What a context looks like between two bindings' ends: a context, and the credential of the caller's process. */
export interface Incoming extends CallContext {
  readonly serviceToken?: string | typeof THIS_PROCESS | undefined;
  /** The address of who is at the other end of the connection, where it is one of a network. */
  readonly peer?: string | undefined;
  readonly flow?: Flow | undefined;
}

export const REQUEST_ID = 'x-request-id';
export const CLIENT_IP = 'x-client-ip';
export const SERVICE = 'x-service-token';
const PROOF = 'dpop';
const TRACEPARENT = 'traceparent';

export const toMetadata = (context: CallContext, serviceToken: string): Metadata => {
  const metadata = new Metadata();
  if (context.token !== undefined) metadata.set('authorization', `Bearer ${context.token}`);
  metadata.set(REQUEST_ID, context.requestId);
  if (context.clientIp !== undefined) metadata.set(CLIENT_IP, context.clientIp);
  if (context.proof !== undefined) metadata.set(PROOF, context.proof);
  if (context.traceparent !== undefined) metadata.set(TRACEPARENT, context.traceparent);
  metadata.set(SERVICE, serviceToken);
  return metadata;
};

export const text = (metadata: Metadata, key: string): string | undefined => metadata.get(key)[0]?.toString();

export const isRequestId = (id: string | undefined): id is string =>
  id !== undefined && /^[\w-]{1,64}$/.test(id);

export const fromMetadata = (metadata: Metadata, newRequestId: () => string): Incoming => {
  const bearer = /^Bearer +(\S+)$/i.exec(text(metadata, 'authorization') ?? '')?.[1];
  const requestId = text(metadata, REQUEST_ID);
  return {
    token: bearer,
    requestId: isRequestId(requestId) ? requestId : newRequestId(),
    clientIp: text(metadata, CLIENT_IP),
    proof: text(metadata, PROOF),
    traceparent: text(metadata, TRACEPARENT),
    serviceToken: text(metadata, SERVICE),
  };
};
