import { BusFrame } from '@veche/contracts';
import type { Seal } from '@veche/redis';
import type { Message } from './bus';

/** A message as it lies in a topic: key and value are those of the message, for whoever reads the topic. */
export interface KafkaRecord {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Map<Buffer, Buffer>;
}

/** What a record says besides its key and its value. */
export interface RecordHeaders {
  /** Which part of the topic it is about; none where the topic has no parts. */
  readonly shard: string | undefined;
  /** Who has published it. */
  readonly from: string;
  /** The span in which it was published, where that is traced. */
  readonly traceparent: string | undefined;
  /** By which we know that it is ours. */
  readonly seal: Uint8Array;
}

const [SHARD, FROM, TRACEPARENT, SEAL] = ['shard', 'from', 'traceparent', 'seal'].map((name) =>
  Buffer.from(name),
) as [Buffer, Buffer, Buffer, Buffer];

/** What the seal covers: all of it, in one way only. */
const sealed = (message: Message, from: string, traceparent: string | undefined): Uint8Array =>
  BusFrame.encode({ from, messages: [message], traceparent }).finish();

export const toRecord = (
  seal: Seal,
  channel: string,
  shard: number | undefined,
  message: Message,
  from: string,
  traceparent: string | undefined,
): KafkaRecord => ({
  key: Buffer.from(message.key),
  value: Buffer.from(message.value),
  headers: new Map([
    ...(shard === undefined ? [] : [[SHARD, Buffer.from(`${shard}`)] as const]),
    [FROM, Buffer.from(from)],
    ...(traceparent === undefined ? [] : [[TRACEPARENT, Buffer.from(traceparent)] as const]),
    [SEAL, seal.markOf(channel, sealed(message, from, traceparent))],
  ]),
});

/** Of whatever somebody has written: what is missing is empty. */
export const headersOf = (headers: readonly (readonly [Buffer | null, Buffer | null])[]): RecordHeaders => {
  const value = (name: Buffer): Buffer | undefined =>
    headers.find(([given]) => given?.equals(name))?.[1] ?? undefined;
  return {
    shard: value(SHARD)?.toString(),
    from: value(FROM)?.toString() ?? '',
    traceparent: value(TRACEPARENT)?.toString(),
    seal: value(SEAL) ?? Buffer.alloc(0),
  };
};

export const isOurs = (seal: Seal, channel: string, message: Message, headers: RecordHeaders): boolean =>
  seal.isOurs(channel, sealed(message, headers.from, headers.traceparent), headers.seal);
