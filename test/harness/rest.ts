import type { Problem } from './wire';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** An answer that says no. */
export class Refused extends Error {
  constructor(
    call: string,
    readonly code: string,
    readonly problem: Partial<Problem>,
    readonly status?: number,
  ) {
    super(`${call}: ${status ?? ''} ${JSON.stringify(problem)}`);
  }
}

export interface RequestOptions {
  /** Anything but a string, a buffer or `undefined` is sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** One person's, or nobody's, REST client of one gateway, with a cookie jar. */
export class Rest {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly gateway: string,
    public token?: string,
  ) {}

  /** The answer, whatever it says. A path that begins with `//` is taken from the root, others from /api/v1. */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const { body } = options;
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const url = this.gateway + (path.startsWith('//') ? path.slice(1) : `/api/v1${path}`);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(cookie ? { cookie } : {}),
        ...options.headers,
      },
      body: raw ? (body as string | Uint8Array<ArrayBuffer> | undefined) : JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeoutMs ?? 15_000),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text !== '' ? JSON.parse(text) : text) as T,
    };
  }

  /** The body of a good answer. @throws Refused */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request<T>(method, path, { body });
    if (answer.status < 300) return answer.body;
    const problem = answer.body as Problem;
    throw new Refused(`${method} ${path}`, problem.code, problem, answer.status);
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }
  post<T>(path: string, body?: unknown): Promise<T> {
    return this.call('POST', path, body);
  }
  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call('PATCH', path, body);
  }
  put<T>(path: string, body?: unknown): Promise<T> {
    return this.call('PUT', path, body);
  }
  delete<T>(path: string): Promise<T> {
    return this.call('DELETE', path);
  }
}
