import { io, type Socket as IoSocket } from 'socket.io-client';
import { eventually } from '@veche/testing';
import { closedAtLast } from './left-open';
import { within } from './waiting';
import { Refused } from './rest';
import type { Entry, Problem, Ready } from './wire';

type Acknowledgement<T> = ({ ok: true } & T) | { ok: false; error: Partial<Problem> & { code: string } };

/** Hundreds connect at once, on a machine that servers and clients share. */
const CONNECT_MS = 20_000;

export interface SocketOptions {
  transports?: ('websocket' | 'polling')[];
  /** Reconnects by itself, as the client does unless told. */
  reconnection?: boolean;
}

/** One device's connection to `/chat`, and everything it was told, in order. */
export class Socket {
  readonly io: IoSocket;
  /** Everything that the server sent, oldest first. */
  readonly heard: { event: string; data: unknown }[] = [];
  readonly disconnects: string[] = [];
  ready!: Ready;

  constructor(
    gateway: string,
    token: string | undefined,
    { transports = ['websocket'], reconnection = false }: SocketOptions = {},
  ) {
    this.io = io(`${gateway}/chat`, {
      auth: token === undefined ? {} : { token },
      transports,
      reconnection,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      forceNew: true,
      timeout: CONNECT_MS,
      autoConnect: false,
    });
    this.io.onAny((event: string, data: unknown) => {
      this.heard.push({ event, data });
      if (event === 'ready') this.ready = data as Ready;
    });
    this.io.on('disconnect', (reason) => this.disconnects.push(reason));
    closedAtLast(this);
  }

  /**
   * Connected and told that it is ready.
   * @throws Refused with what the handshake was refused with
   */
  static async open(gateway: string, token: string | undefined, options?: SocketOptions): Promise<Socket> {
    const socket = new Socket(gateway, token, options);
    await socket.connect();
    return socket;
  }

  async connect(): Promise<Ready> {
    const opened = new Promise<Ready>((resolve, reject) => {
      const failed = (error: Error & { data?: Partial<Problem> }): void => {
        reject(error.data?.code ? new Refused('handshake', error.data.code, error.data) : error);
      };
      this.io.once('connect_error', failed);
      this.io.once('ready', (ready: Ready) => {
        this.io.off('connect_error', failed);
        resolve(ready);
      });
    });
    this.io.connect();
    try {
      return await within(CONNECT_MS + 5_000, 'a socket getting ready', opened);
    } catch (error) {
      this.io.disconnect();
      throw error;
    }
  }

  /** What the call is acknowledged with. @throws Refused */
  async call<T = object>(event: string, data: unknown, timeoutMs = 15_000): Promise<T> {
    const answer = (await this.io.timeout(timeoutMs).emitWithAck(event, data)) as Acknowledgement<T>;
    if (answer.ok) return answer;
    throw new Refused(event, answer.error.code, answer.error);
  }

  async send(roomId: string, text: string, clientId: string, replyTo?: number): Promise<Entry> {
    return (await this.call<{ event: Entry }>('message:send', { roomId, text, clientId, replyTo })).event;
  }

  /** What was heard under one name. */
  all<T>(event: string): T[] {
    return this.heard.filter((h) => h.event === event).map((h) => h.data as T);
  }

  entries(roomId: string): Entry[] {
    return this.all<Entry>('event').filter((e) => e.roomId === roomId);
  }

  /** The first of that name that fits, heard before or yet to come. */
  hears<T>(event: string, fits: (data: T) => boolean = () => true, ms = 30_000): Promise<T> {
    return eventually(() => this.all<T>(event).find(fits), { within: ms });
  }

  hearsMessage(text: string, ms?: number): Promise<Entry> {
    return this.hears<Entry>('event', (e) => e.text === text, ms);
  }

  /** Why the server, or the network, closed it. */
  closed(ms = 30_000): Promise<string> {
    return eventually(() => this.disconnects.at(0), { within: ms });
  }

  close(): void {
    this.io.disconnect();
  }
}
