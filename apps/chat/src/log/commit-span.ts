import { type Span, tracer } from '@veche/telemetry';

/** A message that was sent in a span. */
export interface Traced {
  readonly span?: Span | undefined;
}

/**
 * The span of a commit that several messages share: a part of the trace of the first of them that is recorded. It
 * links to the spans of all, and these to it, so that each trace leads to what has brought its message.
 */
export const sharedCommitSpan = (messages: readonly Traced[]): Span | undefined => {
  const sent = messages.flatMap(({ span }) => (span?.recording ? [span] : []));
  const [parent, ...others] = sent;
  const attributes = { 'veche.messages': messages.length };
  const span = parent && tracer?.begin('commit', { parent, links: sent, attributes });
  if (span) for (const other of others) other.link(span);
  return span;
};
