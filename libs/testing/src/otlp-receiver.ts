import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where a trace begins. */
  readonly parentId: string;
  readonly name: string;
  /** As opentelemetry/proto/trace/v1/trace.proto numbers them. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly links: readonly string[];
  readonly failed: boolean;
}

/** The fields of a message by their numbers; what is neither bytes nor a varint is left out. */
type Fields = ReadonlyMap<number, readonly (Uint8Array | number)[]>;

const fieldsOf = (bytes: Uint8Array): Fields => {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (Uint8Array | number)[]>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited)
      fields.set(number, [...(fields.get(number) ?? []), reader.bytes()]);
    else if (type === WireType.Varint)
      fields.set(number, [...(fields.get(number) ?? []), Number(reader.uint64())]);
    else reader.skip(type);
  }
  return fields;
};

const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).flatMap((value) => (typeof value === 'number' ? [] : [fieldsOf(value)]));
const bytesOf = (fields: Fields | undefined, number: number): Buffer =>
  Buffer.from((fields?.get(number)?.[0] as Uint8Array | undefined) ?? []);
const numberOf = (fields: Fields | undefined, number: number): number =>
  Number(fields?.get(number)?.[0] ?? 0);

/** KeyValue: key 1, value 2; AnyValue: string 1, int 3. */
const attributesOf = (pairs: readonly Fields[]): Record<string, string | number> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [value] = messages(pair, 2);
      return [bytesOf(pair, 1).toString(), value?.has(1) ? bytesOf(value, 1).toString() : numberOf(value, 3)];
    }),
  );

const STATUS_ERROR = 2;

/** ExportTraceServiceRequest, as opentelemetry/proto has it. */
const spansOf = (bytes: Uint8Array): ReceivedSpan[] =>
  messages(fieldsOf(bytes), 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1).flatMap((one) => messages(one, 1)));
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        service: String(resource['service.name']),
        traceId: bytesOf(span, 1).toString('hex'),
        spanId: bytesOf(span, 2).toString('hex'),
        parentId: bytesOf(span, 4).toString('hex'),
        name: bytesOf(span, 5).toString(),
        kind: numberOf(span, 6),
        attributes: attributesOf(messages(span, 9)),
        links: messages(span, 13).map((link) => bytesOf(link, 2).toString('hex')),
        failed: numberOf(messages(span, 15)[0], 3) === STATUS_ERROR,
      }));
  });

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Takes traces over OTLP, as a collector does. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** As they came. */
  readonly bodies: Buffer[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  /** From now on it takes what comes, and never answers. */
  isHanging = false;
  /** From now on it refuses what comes. */
  isRefusing = false;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<OtlpReceiver> {
    const server = createServer((request, answer) => {
      void bodyOf(request).then((body) => {
        if (receiver.isHanging) return;
        if (receiver.isRefusing) return void answer.writeHead(400).end();
        if (request.method !== 'POST' || request.url !== '/v1/traces')
          return void answer.writeHead(404).end();
        receiver.headers.push(request.headers);
        receiver.bodies.push(body);
        receiver.spans.push(...spansOf(body));
        answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    const receiver = new OtlpReceiver(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
