/** The parts of PostgreSQL's frontend/backend protocol, version 3, that the bridge needs to understand. */
// https://www.postgresql.org/docs/current/protocol-message-formats.html

/** Answers to the first packet of a connection. */
export const SSL_REQUEST = 80877103;
export const GSS_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

const HEADER = 5;
const READY = 'Z'.charCodeAt(0);

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const cString = (value: string): Buffer => Buffer.from(`${value}\0`);

/** A message: its type, its length, its body. */
export const message = (type: string, ...body: readonly Buffer[]): Buffer => {
  const length = body.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(length), ...body]);
};

export const query = (sql: string): Buffer => message('Q', cString(sql));
export const closeStatement = (name: string): Buffer => message('C', Buffer.from('S'), cString(name));
export const SYNC = message('S');

export const fatal = (sqlState: string, text: string): Buffer =>
  message('E', ...['SFATAL', 'VFATAL', `C${sqlState}`, `M${text}`].map(cString), Buffer.from([0]));

/** `I` outside of a transaction, `T` inside, `E` inside one that has failed. */
export type TransactionStatus = 'I' | 'T' | 'E';

export const readyForQuery = (status: TransactionStatus): Buffer => message('Z', Buffer.from(status));

/** What the last ReadyForQuery in an answer says; none where the answer does not end with one. */
export const statusAfter = (answer: Buffer): TransactionStatus | undefined => {
  let status: TransactionStatus | undefined;
  for (let at = 0; at + HEADER <= answer.length; at += answer.readInt32BE(at + 1) + 1) {
    status =
      answer[at] === READY ? (String.fromCharCode(answer[at + HEADER] ?? 0) as TransactionStatus) : undefined;
  }
  return status;
};

/** Cuts a stream of bytes into messages, however they arrive. */
export class MessageReader {
  private chunks: Buffer[] = [];
  /** Bytes that are not yet taken. */
  held = 0;

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
  }

  /** The first packet of a connection, which has no type. */
  packet(): Buffer | undefined {
    return this.take(0);
  }

  message(): Buffer | undefined {
    return this.take(1);
  }

  /** @param offset where the length stands, which counts itself and what follows */
  private take(offset: number): Buffer | undefined {
    if (this.held < offset + 4) return undefined;
    const first = this.joined(offset + 4);
    const length = first.readInt32BE(offset) + offset;
    if (length < offset + 4) throw new RangeError('a message shorter than its header');
    if (this.held < length) return undefined;
    const whole = this.joined(length);
    const rest = whole.subarray(length);
    this.chunks = rest.length > 0 ? [rest, ...this.chunks.slice(1)] : this.chunks.slice(1);
    this.held -= length;
    return whole.subarray(0, length);
  }

  /** The first chunk, after as many have been joined to it as it takes to hold these bytes. */
  private joined(length: number): Buffer {
    const [first] = this.chunks;
    if (first && first.length >= length) return first;
    let count = 0;
    for (let bytes = 0; bytes < length; count++) bytes += this.chunks[count]?.length ?? length;
    const joined = Buffer.concat(this.chunks.slice(0, count));
    this.chunks.splice(0, count, joined);
    return joined;
  }
}
