import { Logger } from '@nestjs/common';
import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { VERSION } from '@veche/config';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { readTraceparent, writeTraceparent } from './traceparent.rules';
import { type Attributes, type Failure, type Span, type SpanOptions, type Tracer, traceTo } from './tracer';

export interface TracingSettings {
  /** Of an OTLP receiver over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  /** Sent with each export. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the backend shows it. */
  readonly service: string;
  /** What else the backend is told of this process. */
  readonly resource: Readonly<Record<string, string>>;
  /** Which part of the traces is kept, from 0 to 1. */
  readonly ratio: number;
}

/** Spans that may wait for the receiver; what comes beyond them is dropped. */
const QUEUE = 4_096;
const BATCH = 512;
const DELAY_MS = 1_000;
const EXPORT_MS = 10_000;
/** How long a stop waits for the last spans. */
const FLUSH_MS = 2_000;
/** How often at most the log tells that the receiver takes nothing. */
const TOLD_MS = 60_000;
/** The messages that may share a commit. */
const MOST_LINKS = 500;

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

class RecordedSpan implements Span {
  readonly traceparent: string;

  constructor(readonly span: OtelSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = writeTraceparent({ traceId, spanId, sampled: isSampled(traceFlags) });
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get recording(): boolean {
    return this.span.isRecording();
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  link(other: Span): void {
    if (this.recording) this.span.addLink(linkTo(other));
  }

  end(failure?: Failure): void {
    if (failure) this.span.setAttribute('error.type', failure.type);
    if (failure?.isFault) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end();
  }
}

const isSampled = (flags: number): boolean => (flags & TraceFlags.SAMPLED) !== 0;

/** Of a `traceparent` from elsewhere. */
const remoteContext = (traceparent: string): SpanContext | undefined => {
  const { traceId, spanId, sampled } = readTraceparent(traceparent) ?? {};
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
};

/** There is one implementation of a span. */
const contextOf = (span: Span): SpanContext => (span as RecordedSpan).span.spanContext();
const linkTo = (span: Span): Link => ({ context: contextOf(span) });

class RecordingTracer implements Tracer {
  constructor(private readonly tracer: OtelTracer) {}

  begin(name: string, { kind = 'internal', parent, links, attributes = {} }: SpanOptions = {}): Span {
    const context = typeof parent === 'string' ? remoteContext(parent) : parent && contextOf(parent);
    const above: Context = context ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT;
    const options = { kind: KINDS[kind], attributes, ...(links && { links: links.map(linkTo) }) };
    return new RecordedSpan(this.tracer.startSpan(name, options, above));
  }
}

/**
 * A caller who says that a trace is not recorded is believed. One who says that it is may be a stranger, who must not
 * be able to fill the backend: the ratio decides again, by the trace's id, and so every process decides alike.
 */
const samplerOf = (ratio: number): Sampler => {
  const root = ratio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(ratio);
  return new ParentBasedSampler({ root, remoteParentSampled: root });
};

/** Says in the log that a receiver takes nothing, and not for each batch. */
const telling = (exporter: SpanExporter, log: Logger): SpanExporter => {
  let toldAt = -TOLD_MS;
  let lost = 0;
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        // its error is ours now: what is done with a failed batch is to forget it
        done({ code: 0 });
        if (!result.error) return;
        lost += spans.length;
        if (performance.now() - toldAt < TOLD_MS) return;
        toldAt = performance.now();
        log.warn({ lost }, `traces are not taken: ${result.error.message.split('\n', 1)[0]}`);
        lost = 0;
      }),
    shutdown: () => exporter.shutdown(),
  };
};

/**
 * From now on this process traces what it does, and sends it to the receiver in batches. Whether that takes them
 * never matters to anybody who waits for an answer.
 * @returns ends it: what has not been sent within two seconds is lost
 */
export const openTracing = ({ endpoint, headers, service, resource, ratio }: TracingSettings) => {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: EXPORT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'veche',
      'service.instance.id': `${hostname()}:${process.pid}`,
      ...resource,
      'service.name': service,
      'service.version': VERSION,
    }),
    sampler: samplerOf(ratio),
    spanLimits: { linkCountLimit: MOST_LINKS },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: telling(exporter, new Logger('Traces')),
        maxQueueSize: QUEUE,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: DELAY_MS,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  traceTo(new RecordingTracer(provider.getTracer('veche', VERSION)));
  return async (): Promise<void> => {
    await Promise.race([
      provider.shutdown().catch(() => undefined),
      pause(FLUSH_MS, undefined, { ref: false }),
    ]);
    traceTo(undefined);
  };
};
