import type { Problem } from '@veche/protocol';
import { isStaleToken, VecheError } from '../errors';
import { inTime } from '../in-time';

/** The server answers within ten seconds, if only that it is too late; a connection that is silent for longer is dead. */
const TIMEOUT_MS = 15_000;

/**
 * Gives the access token to use now. `fresh` asks for another one than before, because that one was refused or is
 * about to expire.
 * @throws VecheError with `unauthenticated`, `invalid_token` or `session_ended` where nobody is signed in any more
 */
export type GetToken = (options: { fresh: boolean }) => string | Promise<string>;

/**
 * Gives the span of your own trace that a call belongs to, as W3C Trace Context has it (`00-…-…-01`); undefined where it
 * belongs to none. Asked for at each attempt of a call.
 */
export type GetTraceparent = () => string | undefined;

type QueryValue = string | number | boolean | readonly string[] | undefined;

export interface CallOptions {
  body?: object;
  /** Instead of a body in JSON: a part of a file that is uploaded (tus). */
  bytes?: Blob;
  headers?: Readonly<Record<string, string>>;
  /** Answers with the body as it is. */
  as?: 'blob';
  query?: Record<string, QueryValue>;
  /** Lets a browser send and keep the cookie of the refresh token. */
  cookies?: boolean;
  /** Proves that the device holds its key (DPoP, RFC 9449). */
  proof?: string;
  signal?: AbortSignal;
}

/** One call of the REST API. @throws VecheError */
export type Request = <Answer>(method: string, path: string, options?: CallOptions) => Promise<Answer>;

/** @param getToken left out for calls that need nobody signed in */
export const requestTo =
  (url: string, getToken?: GetToken, traceparent?: GetTraceparent): Request =>
  async <Answer>(method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const attempt = async (fresh: boolean): Promise<Answer> => {
      const token = await getToken?.({ fresh });
      // not by AbortSignal.timeout: whether that ever fires is up to a collector of garbage, and who waits for a renewal,
      // as everybody does, must not wait for ever
      const late = new AbortController();
      const from = { token, traceparent: traceparent?.() };
      const answer = reach(url, method, path, options, from, late.signal).then((response) =>
        answerOf<Answer>(response, options.as),
      );
      return inTime(answer, TIMEOUT_MS, () => {
        late.abort();
        throw new VecheError('unreachable', { detail: 'The server did not answer in time' });
      });
    };
    try {
      return await attempt(false);
    } catch (error) {
      if (getToken && isStaleToken(error)) return attempt(true);
      throw error;
    }
  };

const reach = async (
  url: string,
  method: string,
  path: string,
  { body, bytes, headers, query = {}, cookies, proof, signal }: CallOptions,
  { token, traceparent }: Readonly<Record<'token' | 'traceparent', string | undefined>>,
  late: AbortSignal,
): Promise<Response> => {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  try {
    return await fetch(`${url}/api/v1${path}${search && `?${search}`}`, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(bytes ? { 'content-type': 'application/offset+octet-stream' } : {}),
        ...headers,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(proof ? { dpop: proof } : {}),
        ...(traceparent ? { traceparent } : {}),
      },
      body: bytes ?? (body && JSON.stringify(body)),
      credentials: cookies ? 'include' : 'omit',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new VecheError('unreachable', {}, { cause: error });
  }
};

/** The body broke off, or something before the server answered in its place. */
const brokenOff =
  ({ status }: Response) =>
  (cause: unknown): never => {
    throw new VecheError('unreachable', { detail: `The server answered ${status}` }, { cause });
  };

const answerOf = async <Answer>(response: Response, as?: 'blob'): Promise<Answer> => {
  if (response.status === 204) return undefined as Answer;
  if (as === 'blob' && response.ok) return (await response.blob().catch(brokenOff(response))) as Answer;
  const body: unknown = await response.json().catch(brokenOff(response));
  if (response.ok) return body as Answer;
  const problem = body as Partial<Problem>;
  throw new VecheError(problem.code ?? 'unreachable', problem);
};
