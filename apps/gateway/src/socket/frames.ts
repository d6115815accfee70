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

/** Packets of the namespace in their order, encoded once for however many connections get them. */
export class Frames {
  private encoded?: Buffer;

  /** @param packets EVENT and ACK packets of the Socket.IO protocol (revision 5) */
  private constructor(readonly packets: readonly string[]) {}

  static of<E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]): Frames {
    return new Frames([`2${NAMESPACE},${JSON.stringify([event, payload])}`]);
  }

  /** @param id of the call that it answers */
  static answer(id: number, answer: object): Frames {
    return new Frames([`3${NAMESPACE},${id}[${JSON.stringify(answer)}]`]);
  }

  static joined(frames: readonly Frames[]): Frames {
    return frames.length === 1 && frames[0] ? frames[0] : new Frames(frames.flatMap((f) => f.packets));
  }

  /** As a WebSocket carries them, one after the other. */
  get bytes(): Buffer {
    return (this.encoded ??= this.encode());
  }

  private encode(): Buffer {
    const sizes = this.packets.map((packet) => MESSAGE.length + Buffer.byteLength(packet));
    const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + headSize(size) + size, 0));
    let at = 0;
    this.packets.forEach((packet, i) => {
      at = writeHead(bytes, at, sizes[i]!);
      at += bytes.write(MESSAGE, at);
      at += bytes.write(packet, at);
    });
    return bytes;
  }
}

/** What takes frames. Taking them never waits and never throws. */
export interface Receiver {
  write(frames: Frames): void;
}

/** The one way by which an event reaches many. */
export const emitTo = (receivers: Iterable<Receiver>, frames: Frames): void => {
  for (const receiver of receivers) receiver.write(frames);
};
