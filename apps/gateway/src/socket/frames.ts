import { NAMESPACE, type ServerEvents } from '@veche/protocol';

/** RFC 6455, 5.2: a final frame of text; what a server sends is not masked. */
const FINAL_TEXT = 0x81;
const [SIZE_16, SIZE_64] = [126, 127];
/** An Engine.IO packet of the type MESSAGE (protocol 4). */
const MESSAGE = '4';

const headSize = (size: number): number => (size < SIZE_16 ? 2 : size < 65_536 ? 4 : 10);

const writeHead = (bytes: Buffer, at: number, size: number): number => {
  bytes[at] = FINAL_TEXT;
  if (size < SIZE_16) {
    bytes[at + 1] = size;
    return at + 2;
  }
  if (size < 65_536) {
    bytes[at + 1] = SIZE_16;
    return bytes.writeUInt16BE(size, at + 2);
  }
  bytes[at + 1] = SIZE_64;
  return bytes.writeBigUInt64BE(BigInt(size), at + 2);
};

/** One thing that is said: an event by its name, or the answer to a call by its number. */
interface Said {
  readonly event?: keyof ServerEvents;
  readonly id?: number;
  readonly json: string;
}

/** EVENT and ACK packets of the Socket.IO protocol (revision 5). */
const packetOf = ({ event, id, json }: Said): string =>
  event === undefined ? `3${NAMESPACE},${id}[${json}]` : `2${NAMESPACE},["${event}",${json}]`;

/** A frame of the plain WebSocket: an event, or an answer with the number of its call. */
const textOf = ({ event, id, json }: Said): string =>
  event === undefined ? `{"id":${id ?? null},${json.slice(1)}` : `{"event":"${event}","data":${json}}`;

/** An event of a stream (HTML, 9.2.6). JSON has no line breaks. */
const streamedOf = ({ event, json }: Said): string => `event: ${event}\ndata: ${json}\n\n`;

/** What is said, in its order: encoded once for however many connections get it. */
export class Frames {
  private socketIo?: readonly string[];
  private encoded?: Buffer;
  private plain?: Buffer;
  private streamed?: Buffer;

  private constructor(private readonly said: readonly Said[]) {}

  static of<E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]): Frames {
    return new Frames([{ event, json: JSON.stringify(payload) }]);
  }

  /** @param id of the call that it answers; undefined where that cannot be told */
  static answer(id: number | undefined, answer: { readonly ok: boolean }): Frames {
    return new Frames([{ ...(id !== undefined && { id }), json: JSON.stringify(answer) }]);
  }

  static joined(frames: readonly Frames[]): Frames {
    return frames.length === 1 && frames[0] ? frames[0] : new Frames(frames.flatMap((f) => f.said));
  }

  /** As Socket.IO has them, of the namespace. */
  get packets(): readonly string[] {
    return (this.socketIo ??= this.said.map(packetOf));
  }

  /** The packets as a WebSocket carries them, one after the other. */
  get bytes(): Buffer {
    return (this.encoded ??= framed(this.packets, MESSAGE));
  }

  /** As a plain WebSocket carries them, one after the other. */
  get plainBytes(): Buffer {
    return (this.plain ??= framed(this.said.map(textOf), ''));
  }

  /** As server-sent events; there are no answers among them. */
  get streamedBytes(): Buffer {
    return (this.streamed ??= Buffer.from(this.said.map(streamedOf).join('')));
  }
}

/** @param before stands before each of the texts */
const framed = (texts: readonly string[], before: string): Buffer => {
  const sizes = texts.map((text) => before.length + Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + headSize(size) + size, 0));
  let at = 0;
  texts.forEach((text, i) => {
    at = writeHead(bytes, at, sizes[i]!);
    at += bytes.write(before, at);
    at += bytes.write(text, at);
  });
  return bytes;
};

/** What takes frames. Taking them never waits and never throws. */
export interface Receiver {
  write(frames: Frames): void;
}

/** The one way by which an event reaches many. */
export const emitTo = (receivers: Iterable<Receiver>, frames: Frames): void => {
  for (const receiver of receivers) receiver.write(frames);
};
