import {
  type Acknowledgement,
  type Calls,
  NAMESPACE,
  type Ready,
  type Refusal,
  type ServerEvents,
} from '@veche/protocol';
import { io, type Socket } from 'socket.io-client';
import { backoffMs } from './backoff';
import { asVecheError, isStaleToken, VecheError } from './errors';
import { inTime } from './in-time';
import type { GetToken, GetTraceparent } from './rest/request';
import { hasEnded } from './rest/session';
import { Source, type Watchable } from './watchable';
import { whenWoken } from './waking';

/** Times are in milliseconds since 1970. */
export type ConnectionState =
  /** For the first time. */
  | { readonly status: 'connecting'; readonly since: number }
  | { readonly status: 'online'; readonly since: number }
  /** `retryAt` is when the next try begins, and undefined while one is under way. */
  | {
      readonly status: 'offline';
      readonly since: number;
      readonly retryAt: number | undefined;
      readonly error: VecheError;
    }
  /**
   * The session is over (`logout`, `ended`, `password_changed`, `token_reused`, `expired`, `account_disabled`,
   * `account_deleted`), or
   * there is no token to be had any more (`unauthenticated`, `invalid_token`, `token_expired`): sign in again.
   */
  | { readonly status: 'ended'; readonly since: number; readonly reason: string }
  /** By you. */
  | { readonly status: 'closed'; readonly since: number };

/** How long a connection may take to be told its rooms. */
const READY_MS = 20_000;
/** The HTTP status that a gateway answers polling of a session with that it has not begun. */
const UNKNOWN_SESSION = 400;
/** How long a WebSocket may say nothing at all before the network counts as one that lets none pass. */
const SILENT_MS = 8_000;
const CALL_MS = 12_000;
/** How long an access token may take to be had. */
const TOKEN_MS = 60_000;
/** Answered this late, a connection counts as dead. */
const PROBE_MS = 5_000;
/** A fresh token is fetched when this much of the old one's life is left. */
const RENEW_AT = 0.2;
/** The longest that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** A token that is new and has expired says that this machine's clock is far ahead of the server's. */
const FOREIGN_CLOCK_MS = 60_000;

type Listeners = { [E in keyof ServerEvents]: (payload: ServerEvents[E]) => void };

type TypedSocket = Socket<
  Listeners,
  {
    [C in keyof Calls]: (
      payload: Calls[C]['payload'],
      answer: (a: Acknowledgement<Calls[C]['answer']>) => void,
    ) => void;
  }
>;

export interface ConnectionOptions {
  readonly url: string;
  readonly getToken: GetToken;
  readonly traceparent?: GetTraceparent | undefined;
  /** Everything that the server says, in its order. */
  readonly hear: <E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]) => void;
}

/**
 * The connection to the server for as long as it is wanted: made anew with a pause that grows, its token renewed
 * in place. Every wait has an end.
 */
export class Connection {
  private current: ConnectionState = { status: 'connecting', since: Date.now() };
  private readonly source = new Source(() => this.current);
  private socket?: TypedSocket;
  private failures = 0;
  private late?: ReturnType<typeof setTimeout>;
  /** Whether the token that was used last was refused. */
  private stale = false;
  /**
   * Which is tried first. A WebSocket stays with one gateway without sticky sessions; where a network lets one begin
   * and then nothing pass, polling comes before it, until that fails as well or a WebSocket has proved itself beside it.
   */
  private first: 'websocket' | 'polling' = 'websocket';
  private retry?: ReturnType<typeof setTimeout>;
  private renewal?: ReturnType<typeof setTimeout>;
  private readonly stopWatching: () => void;

  constructor(private readonly options: ConnectionOptions) {
    this.stopWatching = whenWoken(() => this.wake());
    void this.open();
  }

  get state(): Watchable<ConnectionState> {
    return this.source;
  }

  get online(): boolean {
    return this.current.status === 'online';
  }

  /** Calls the server. @throws VecheError, `unreachable` where the connection is or gets lost */
  async call<C extends keyof Calls>(
    name: C,
    payload: Calls[C]['payload'],
    withinMs = CALL_MS,
  ): Promise<Calls[C]['answer']> {
    const { socket } = this;
    if (!socket || !this.online) throw new VecheError('unreachable');
    let answer: Acknowledgement<Calls[C]['answer']>;
    const traceparent = this.options.traceparent?.();
    const given = traceparent ? [payload, { traceparent }] : [payload];
    try {
      answer = (await (socket as Socket).timeout(withinMs).emitWithAck(name, ...given)) as typeof answer;
    } catch (error) {
      // the server answers every call in time, if only that it is too late
      if (this.socket === socket && withinMs >= CALL_MS) this.lost(error);
      throw asVecheError(error);
    }
    if (answer.ok) return answer;
    throw new VecheError(answer.error.code, answer.error);
  }

  /** Tries now what would be tried later. */
  readonly reconnect = (): void => {
    if (this.current.status === 'offline' && this.current.retryAt !== undefined) void this.open();
  };

  close(): void {
    if (this.current.status === 'closed') return;
    this.stop();
    this.become({ status: 'closed', since: Date.now() });
  }

  private async open(): Promise<void> {
    this.drop();
    this.become(tryingAgain(this.current));
    let token: string;
    try {
      token = await this.token(this.stale);
    } catch (error) {
      if (this.isOver) return;
      // what is no error of ours is a mistake in somebody's getToken, and may pass like a broken network
      return hasEnded(error) || isStaleToken(error) ? this.end(asVecheError(error).code) : this.lost(error);
    }
    if (!this.isOver && !this.socket) this.connectWith(token);
  }

  private token(fresh: boolean): Promise<string> {
    return inTime(this.options.getToken({ fresh }), TOKEN_MS, () => {
      throw new VecheError('unreachable', { detail: 'There was no token' });
    });
  }

  private connectWith(token: string): void {
    const socket = io(`${this.options.url}${NAMESPACE}`, {
      auth: { token },
      transports: this.first === 'websocket' ? ['websocket', 'polling'] : ['polling', 'websocket'],
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: SILENT_MS,
    }) as TypedSocket;
    this.socket = socket;
    const { engine } = socket.io;
    const mine = (handle: () => void) => (): void => {
      if (this.socket === socket) handle();
    };
    const lost = (error: VecheError, why?: 'silent' | 'astray'): void => {
      if (!this.online && why)
        this.first = why === 'silent' && engine.transport.name === 'websocket' ? 'polling' : 'websocket';
      this.lost(error);
    };
    const silent = mine(() => lost(new VecheError('unreachable'), 'silent'));
    engine.on(
      'upgrade',
      mine(() => (this.first = 'websocket')),
    );
    this.late = setTimeout(silent, READY_MS);
    const hear = (event: keyof ServerEvents): void => {
      (socket as unknown as Socket).on(event, (payload: unknown) =>
        mine(() => this.options.hear(event, payload as never))(),
      );
    };
    socket.on('ready', (ready) => mine(() => this.begin(ready))());
    for (const event of [
      'ready',
      'rooms',
      'event',
      'room:moved',
      'read',
      'reads',
      'typing',
      'presence',
      'room:preferences',
      'preferences',
      'invitation',
      'thread',
      'room:added',
      'room:removed',
    ] as const)
      hear(event);
    socket.on('session:ended', ({ reason }) =>
      mine(() => {
        // the connection outlived its token, and not its session
        if (reason === 'token_expired') this.refused(new VecheError('token_expired'));
        else this.end(reason);
      })(),
    );
    socket.on('connect_error', (error: Error & { data?: Partial<Refusal>; description?: unknown }) => {
      const code = error.data?.code;
      const reason = code
        ? new VecheError(code, error.data)
        : new VecheError('unreachable', {}, { cause: error });
      // Socket.IO has no other name for it; and no gateway but one knows what began with polling
      const why =
        error.message === 'timeout' ? 'silent' : error.description === UNKNOWN_SESSION ? 'astray' : undefined;
      mine(() => (code ? this.refused(reason) : lost(reason, why)))();
    });
    socket.on(
      'disconnect',
      mine(() => lost(new VecheError('unreachable'))),
    );
  }

  private begin({ expiresAt }: Ready): void {
    clearTimeout(this.late);
    this.failures = 0;
    this.stale = false;
    this.renewBefore(expiresAt);
    this.become({ status: 'online', since: Date.now() });
  }

  /** The server has answered, and it was no. */
  private refused(error: VecheError): void {
    if (error.code === 'session_ended') return this.end(error.detail ?? error.code);
    if (error.code === 'forbidden') return this.end(error.code);
    if (!isStaleToken(error)) return this.lost(error);
    if (this.stale) return this.end(error.code);
    this.stale = true;
    void this.open();
  }

  private lost(error: unknown): void {
    this.drop();
    const wait = backoffMs(++this.failures);
    const since = this.current.status === 'offline' ? this.current.since : Date.now();
    this.become({ status: 'offline', since, retryAt: Date.now() + wait, error: asVecheError(error) });
    this.retry = setTimeout(() => void this.open(), wait);
  }

  private end(reason: string): void {
    this.stop();
    this.become({ status: 'ended', since: Date.now(), reason });
  }

  private get isOver(): boolean {
    return this.current.status === 'ended' || this.current.status === 'closed';
  }

  private renewBefore(expiresAt: string): void {
    clearTimeout(this.renewal);
    const left = Date.parse(expiresAt) - Date.now();
    const wait = left > 0 ? Math.min(left * (1 - RENEW_AT), MAX_TIMER_MS) : FOREIGN_CLOCK_MS;
    this.renewal = setTimeout(() => void this.renew(), wait);
  }

  /** Where it fails, the server closes the connection when the token expires, and the next one begins with another. */
  private async renew(): Promise<void> {
    const { socket } = this;
    try {
      const token = await this.token(true);
      if (this.socket !== socket) return;
      const { expiresAt } = await this.call('token', { token });
      if (this.socket === socket) this.renewBefore(expiresAt);
    } catch (error) {
      if (this.socket === socket && hasEnded(error)) this.end(asVecheError(error).code);
    }
  }

  /** The machine slept, or its network came back: what looks alive may be long dead. */
  private wake(): void {
    if (this.current.status === 'offline') return this.reconnect();
    if (!this.online) return;
    const { socket } = this;
    this.call('sync', { rooms: {} }, PROBE_MS).catch((error: unknown) => {
      if (this.socket === socket && asVecheError(error).code === 'unreachable') this.lost(error);
    });
  }

  private stop(): void {
    this.stopWatching();
    this.drop();
  }

  private drop(): void {
    const { socket } = this;
    this.socket = undefined;
    clearTimeout(this.late);
    clearTimeout(this.retry);
    clearTimeout(this.renewal);
    socket?.disconnect();
  }

  private become(state: ConnectionState): void {
    this.current = state;
    this.source.changed();
  }
}

const tryingAgain = (state: ConnectionState): ConnectionState => {
  if (state.status === 'offline') return { ...state, retryAt: undefined };
  if (state.status !== 'online') return state;
  return { status: 'offline', since: Date.now(), retryAt: undefined, error: new VecheError('token_expired') };
};
