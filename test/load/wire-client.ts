import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** What a client hears, as bytes of the frame; valid until the listener returns. */
export interface Heard {
  /** An `event` of the namespace: the JSON of `["event", entry]`, or of whatever else was emitted. */
  event(payload: Buffer): void;
  closed(): void;
}

const NAMESPACE = '/chat';
/** A Socket.IO EVENT packet of the namespace in an Engine.IO message, and the ACK packet. */
const EVENT = `42${NAMESPACE},`;
const ACK = `43${NAMESPACE},`;
const CONNECTED = `40${NAMESPACE},`;
const REFUSED = `44${NAMESPACE},`;
const [PING, DIGIT_2, DIGIT_3] = [0x32, 0x32, 0x33];
const PONG = '3';
const MESSAGE = 0x34;
const READ_BYTES = 1024 * 1024;

/** What all sockets of the process read into: what one has read is dealt with before another reads. */
const incoming = Buffer.allocUnsafe(READ_BYTES);

/** RFC 6455, 5.2: a final text frame, masked as a client's must be; by zeros, which leave the text as it is. */
const framed = (text: string): Buffer => {
  const size = Buffer.byteLength(text);
  const head = size < 126 ? 6 : 8;
  const bytes = Buffer.alloc(head + size);
  bytes[0] = 0x81;
  if (size < 126) bytes[1] = 0x80 | size;
  else {
    bytes[1] = 0x80 | 126;
    bytes.writeUInt16BE(size, 2);
  }
  bytes.write(text, head);
  return bytes;
};

/**
 * A Socket.IO client (protocol 5, over WebSocket alone) that costs next to nothing: it looks at no more of a frame
 * than its kind, so that a thousand of them in one process are not what a measurement measures.
 */
export class WireClient {
  private readonly pending = new Map<number, { resolve(answer: string): void; reject(error: Error): void }>();
  private rest?: Buffer | undefined;
  private calls = 0;
  private opened = false;
  private greeted?: { resolve(): void; reject(error: Error): void } | undefined;
  private readonly socket: Socket;

  private constructor(
    gateway: string,
    private readonly token: string,
    private readonly heard: Heard,
  ) {
    const { hostname, port } = new URL(gateway);
    this.socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: incoming,
        callback: (count) => {
          this.read(incoming.subarray(0, count));
          return true;
        },
      },
    });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => {
      this.fail(new Error('the connection was closed'));
      heard.closed();
    });
    this.socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  /** Resolves with the client once it has heard its first event, `ready`. */
  static open(gateway: string, token: string, heard: Heard): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const client = new WireClient(gateway, token, heard);
      client.greeted = { resolve: () => resolve(client), reject };
    });
  }

  /** Resolves with the JSON of the acknowledgement's arguments. @throws when the connection closes before */
  call(event: string, payload: object): Promise<string> {
    const id = this.calls++;
    this.socket.write(framed(`42${NAMESPACE},${id}${JSON.stringify([event, payload])}`));
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }

  close(): void {
    this.socket.destroy();
  }

  private fail(error: Error): void {
    this.greeted?.reject(error);
    this.greeted = undefined;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  private read(chunk: Buffer): void {
    let bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = undefined;
    if (!this.opened) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) return this.keep(bytes);
      const status = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
      if (!status.includes(' 101 ')) return void this.socket.destroy(new Error(status));
      this.opened = true;
      bytes = bytes.subarray(end + 4);
    }
    let at = 0;
    while (bytes.length - at >= 2) {
      let size = bytes[at + 1]!;
      let from = at + 2;
      if (size === 126) {
        if (bytes.length - at < 4) break;
        size = bytes.readUInt16BE(at + 2);
        from = at + 4;
      } else if (size === 127) {
        if (bytes.length - at < 10) break;
        size = Number(bytes.readBigUInt64BE(at + 2));
        from = at + 10;
      }
      if (bytes.length - from < size) break;
      if (bytes[at] === 0x81) this.take(bytes, from, from + size);
      at = from + size;
    }
    if (at < bytes.length) this.keep(bytes.subarray(at));
  }

  private keep(bytes: Buffer): void {
    this.rest = Buffer.from(bytes);
  }

  private take(bytes: Buffer, from: number, to: number): void {
    const [kind, packet] = [bytes[from], bytes[from + 1]];
    if (kind === PING) return void this.socket.write(framed(PONG));
    if (kind !== MESSAGE) return this.greet(bytes.toString('utf8', from, to));
    if (packet === DIGIT_2) {
      this.heard.event(bytes.subarray(from + EVENT.length, to));
      this.greeted?.resolve();
      this.greeted = undefined;
    } else if (packet === DIGIT_3) this.acknowledged(bytes, from + ACK.length, to);
    else this.greet(bytes.toString('utf8', from, to));
  }

  private greet(text: string): void {
    if (text.startsWith('0'))
      this.socket.write(framed(`40${NAMESPACE},${JSON.stringify({ token: this.token })}`));
    else if (text.startsWith(REFUSED)) this.socket.destroy(new Error(text));
    else if (!text.startsWith(CONNECTED)) this.fail(new Error(`unexpected: ${text}`));
  }

  private acknowledged(bytes: Buffer, from: number, to: number): void {
    const list = bytes.indexOf('[', from);
    const id = Number(bytes.toString('latin1', from, list));
    const call = this.pending.get(id);
    this.pending.delete(id);
    call?.resolve(bytes.toString('utf8', list, to));
  }
}
