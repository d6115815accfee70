import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  CANCEL_REQUEST,
  cString,
  fatal,
  GSS_REQUEST,
  int32,
  message,
  type MessageReader,
  readyForQuery,
  SSL_REQUEST,
} from './protocol';

export interface Credentials {
  readonly database: string;
  readonly password: string;
}

/** What a client is told of the server once it is let in; drivers read dates and strings by these. */
const PARAMETERS: Readonly<Record<string, string>> = {
  server_version: '18.0',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  integer_datetimes: 'on',
  standard_conforming_strings: 'on',
};
const PASSWORD = 'p'.charCodeAt(0);
const CLEAR_TEXT = 3;
const MAX_BYTES = 10_000;

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/** The names and values of a startup packet. */
const parametersOf = (packet: Buffer): Map<string, string> => {
  const words = packet.toString('utf8', 8).split('\0');
  return new Map(words.flatMap((word, i) => (i % 2 === 0 && word ? [[word, words[i + 1] ?? '']] : [])));
};

/**
 * The beginning of a connection: which database, and the password in clear text, which on the loopback interface
 * nobody else sees. Gives true once the client is in.
 */
export class Login {
  private started = false;

  constructor(
    private readonly socket: Socket,
    private readonly reader: MessageReader,
    private readonly credentials: Credentials,
  ) {}

  advance(): boolean {
    if (this.reader.held > MAX_BYTES) this.socket.destroy();
    while (!this.started) {
      const packet = this.reader.packet();
      if (!packet) return false;
      this.start(packet);
    }
    const answer = this.reader.message();
    if (!answer || this.socket.destroyed) return false;
    const password = answer.toString('utf8', 5, answer.length - 1);
    if (answer[0] !== PASSWORD || !timingSafeEqual(digest(password), digest(this.credentials.password))) {
      this.refuse('28P01', 'password authentication failed');
      return false;
    }
    const parameters = Object.entries(PARAMETERS).map((p) => message('S', ...p.map(cString)));
    const key = message('K', int32(randomInt(2 ** 31)), int32(randomInt(2 ** 31)));
    this.socket.write(Buffer.concat([message('R', int32(0)), ...parameters, key, readyForQuery('I')]));
    return true;
  }

  private start(packet: Buffer): void {
    const code = packet.length >= 8 ? packet.readInt32BE(4) : 0;
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      this.socket.write('N');
      return;
    }
    this.started = true;
    const parameters = parametersOf(packet);
    if (code === CANCEL_REQUEST)
      this.socket.destroy(); // nothing can be interrupted
    else if (code >> 16 !== 3) this.refuse('0A000', 'unsupported protocol');
    else if ((parameters.get('database') ?? parameters.get('user')) !== this.credentials.database)
      this.refuse('3D000', 'the embedded server has one database');
    else this.socket.write(message('R', int32(CLEAR_TEXT)));
  }

  private refuse(sqlState: string, text: string): void {
    this.socket.end(fatal(sqlState, text));
    this.socket.destroySoon();
  }
}
