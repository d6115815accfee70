import { AppError, type ErrorCode, ERRORS } from '@veche/errors';
import { AsyncLocalStorage } from 'node:async_hooks';

/** Never what people wrote, their names or their tokens: spans leave for a system of somebody else. */
export type Attributes = Readonly<Record<string, string | number>>;

export interface SpanOptions {
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** A span of this process, or the `traceparent` that came with what is done; where there is neither, a trace begins. */
  readonly parent?: Span | string | undefined;
  readonly links?: readonly Span[];
  readonly attributes?: Attributes;
}

/** How something failed: in a word, and whether it was this process's fault or its caller's. */
export interface Failure {
  readonly type: string;
  readonly isFault: boolean;
}

/** Something that takes time, as a part of a trace. */
export interface Span {
  readonly traceId: string;
  /** What is done elsewhere because of it is given this, as W3C Trace Context has it. */
  readonly traceparent: string;
  /** Whether it is one of those that are kept, and has not ended. */
  readonly recording: boolean;
  set(attributes: Attributes): void;
  /** Tells of another one that has to do with it, and is not beneath it. */
  link(other: Span): void;
  end(failure?: Failure): void;
}

export interface Tracer {
  begin(name: string, options?: SpanOptions): Span;
}

/**
 * Undefined unless an operator wants traces. `tracer?.begin(…)` then costs a look, and what stands in the brackets is
 * never made: ways that every message goes do it so.
 */
export let tracer: Tracer | undefined;

/** For {@link openTracing}. @param to undefined: from now on nothing is traced */
export const traceTo = (to: Tracer | undefined): void => {
  tracer = to;
};

const spans = new AsyncLocalStorage<Span | undefined>();

/** Runs work in a span, or in none where it is undefined. Where nothing is traced, it is only a call. */
export const inSpan = <T>(span: Span | undefined, work: () => T): T =>
  tracer ? spans.run(span, work) : work();

/** The span that this line of code runs in. It may have ended: what goes on after an answer is in it still. */
export const spanOfNow = (): Span | undefined => tracer && spans.getStore();

/** Begins a span beneath the one that this line runs in; undefined where that is none that is kept. */
export const childSpan = (name: string, options: Omit<SpanOptions, 'parent'> = {}): Span | undefined => {
  const parent = spanOfNow();
  return parent?.recording ? tracer?.begin(name, { ...options, parent }) : undefined;
};

export const failureOf = (code: ErrorCode): Failure => ({ type: code, isFault: ERRORS[code].http >= 500 });

/** Of an answer of HTTP; undefined where it is none. */
export const failureOfStatus = (status: number): Failure | undefined =>
  status >= 400 ? { type: String(status), isFault: status >= 500 } : undefined;

/** The same promise, and the span ends with it. */
export const ending = async <T>(span: Span, work: Promise<T>): Promise<T> => {
  try {
    const result = await work;
    span.end();
    return result;
  } catch (error) {
    span.end(failureOf(error instanceof AppError ? error.code : 'internal'));
    throw error;
  }
};
