import {
  type ChannelOptions,
  type ClientReadableStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import {
  type Definition,
  type Entry as WireEntry,
  ENTRY_TYPES,
  type Mention,
  MentionKind,
  roomRoleText,
} from '@veche/contracts';
import { errorOfStatus } from '@veche/errors';
import { eventually } from '@veche/testing';
import { closedAtLast } from './left-open';
import { Refused } from './rest';
import type { Entry } from './wire';

type Asked<M> = M extends { requestSerialize: (value: infer R) => Buffer } ? R : never;
type Told<M> = M extends { responseDeserialize: (value: Buffer) => infer R } ? R : never;

export interface CallOptions {
  token?: string;
  metadata?: Record<string, string>;
  timeoutMs?: number;
}

/** A status with code and data as the trailers have them. */
export class GrpcRefused extends Refused {
  constructor(
    call: string,
    readonly grpc: ServiceError,
  ) {
    const { code, data } = errorOfStatus(grpc);
    super(call, code, data, grpc.code);
  }
}

/** What a server stream told so far. */
export class Stream<T> {
  readonly heard: T[] = [];
  error: GrpcRefused | undefined;
  ended = false;

  constructor(
    call: string,
    private readonly stream: ClientReadableStream<T>,
  ) {
    stream.on('data', (value: T) => this.heard.push(value));
    stream.on('error', (error: ServiceError) => (this.error = new GrpcRefused(call, error)));
    stream.on('end', () => (this.ended = true));
  }

  hears(fits: (value: T) => boolean, ms = 30_000): Promise<T> {
    return eventually(() => this.heard.find(fits), { within: ms });
  }

  /** What it failed with. */
  fails(ms = 30_000): Promise<GrpcRefused> {
    return eventually(() => this.error, { within: ms });
  }

  close(): void {
    this.stream.cancel();
  }
}

/** A gRPC client of one service at one address, as any program may have it. */
export class Grpc<D extends Definition> {
  private readonly client;
  private readonly streams: ClientReadableStream<unknown>[] = [];

  constructor(
    private readonly definition: D,
    address: string,
    private readonly token?: string,
    options?: ChannelOptions,
  ) {
    const Client = makeGenericClientConstructor(definition, 'Service');
    this.client = new Client(address, credentials.createInsecure(), options);
    closedAtLast(this);
  }

  /** @throws GrpcRefused */
  call<M extends keyof D & string>(
    method: M,
    request: Asked<D[M]>,
    options: CallOptions = {},
  ): Promise<Told<D[M]>> {
    const d = this.method(method);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        d.path,
        d.requestSerialize,
        d.responseDeserialize,
        request,
        this.metadata(options),
        { deadline: Date.now() + (options.timeoutMs ?? 15_000) },
        (error, answer) => {
          if (error) reject(new GrpcRefused(d.path, error));
          else resolve(answer as Told<D[M]>);
        },
      );
    });
  }

  /** Sends bytes instead of a message. @throws GrpcRefused */
  callRaw<M extends keyof D & string>(method: M, bytes: Buffer, options: CallOptions = {}): Promise<unknown> {
    const d = this.method(method);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        d.path,
        (raw: Buffer) => raw,
        d.responseDeserialize,
        bytes,
        this.metadata(options),
        { deadline: Date.now() + 15_000 },
        (error, answer) => {
          if (error) reject(new GrpcRefused(d.path, error));
          else resolve(answer);
        },
      );
    });
  }

  stream<M extends keyof D & string>(
    method: M,
    request: Asked<D[M]>,
    options: CallOptions = {},
  ): Stream<Told<D[M]>> {
    const d = this.method(method);
    const told = d.responseDeserialize as (value: Buffer) => Told<D[M]>;
    const metadata = this.metadata(options);
    if (d.requestStream) {
      const both = this.client.makeBidiStreamRequest(d.path, d.requestSerialize, told, metadata);
      both.write(request);
      this.streams.push(both);
      return new Stream(d.path, both);
    }
    const stream = this.client.makeServerStreamRequest(d.path, d.requestSerialize, told, request, metadata);
    this.streams.push(stream);
    return new Stream(d.path, stream);
  }

  /** Hands over what a stream tells until it ends; resolves with what it failed with, if it did. */
  follow<M extends keyof D & string>(
    method: M,
    request: Asked<D[M]>,
    take: (value: Told<D[M]>) => void,
  ): Promise<GrpcRefused | undefined> {
    const d = this.method(method);
    const stream = this.client.makeServerStreamRequest(
      d.path,
      d.requestSerialize,
      d.responseDeserialize as (value: Buffer) => Told<D[M]>,
      request,
      this.metadata({}),
    );
    this.streams.push(stream);
    return new Promise((resolve) => {
      stream.on('data', take);
      stream.on('error', (error: ServiceError) => resolve(new GrpcRefused(d.path, error)));
      stream.on('end', () => resolve(undefined));
    });
  }

  close(): void {
    this.streams.forEach((stream) => stream.cancel());
    this.client.close();
  }

  private method(name: keyof D & string): MethodDefinition<unknown, unknown> {
    return this.definition[name] as MethodDefinition<unknown, unknown>;
  }

  private metadata({ token = this.token, metadata = {} }: CallOptions): Metadata {
    const sent = new Metadata();
    if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
    for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
    return sent;
  }
}

const MENTIONS: Partial<Record<MentionKind, string>> = {
  [MentionKind.USER]: 'user',
  [MentionKind.ROOM]: 'room',
  [MentionKind.HERE]: 'here',
  [MentionKind.ROOM_LINK]: 'roomLink',
};
const mentionOf = ({ kind, ...whom }: Mention) => ({ kind: MENTIONS[kind], ...whom });

/** An entry as gRPC has it, the way the JSON doors say it. */
export const jsonOf = (entry: WireEntry | undefined): Entry => {
  if (!entry?.body) throw new Error('no entry');
  const { $case, value } = entry.body;
  const fields = {
    ...value,
    ...('role' in value ? { role: roomRoleText.word(value.role) } : {}),
    ...('mentions' in value ? { mentions: value.mentions.map(mentionOf) } : {}),
    ...('attachments' in value && value.attachments.length === 0 ? { attachments: undefined } : {}),
  };
  return JSON.parse(
    JSON.stringify({
      roomId: entry.roomId,
      seq: entry.seq,
      type: ENTRY_TYPES[$case],
      actorId: entry.actorId,
      at: entry.at?.toISOString(),
      ...fields,
    }),
  ) as Entry;
};
