import { readTraceparent, writeTraceparent } from './traceparent.rules';

const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

describe('a traceparent', () => {
  it.each([true, false])('is read as it is written, recorded: %s', (sampled) => {
    const context = { traceId, spanId, sampled };
    expect(readTraceparent(writeTraceparent(context))).toEqual(context);
  });

  it.each([`cc-${traceId}-${spanId}-01-what.comes.later`, `00-${traceId}-${spanId}-03`])(
    'of a later version, or with flags that nobody knows yet, is understood: %s',
    (text) => {
      expect(readTraceparent(text)).toEqual({ traceId, spanId, sampled: true });
    },
  );

  it.each([
    undefined,
    7,
    '',
    'hello',
    `00-${traceId}-${spanId}`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    ` 00-${traceId}-${spanId}-01`,
  ])('is none where it says %p', (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});
