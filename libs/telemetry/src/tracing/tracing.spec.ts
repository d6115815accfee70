import { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import { OtlpReceiver } from '@veche/testing';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openTracing } from './open-tracing';
import { childSpan, ending, failureOf, failureOfStatus, inSpan, spanOfNow, tracer } from './tracer';
import { TracingModule } from './tracing.module';

const ROOT = join(__dirname, '../../../..');

let receiver: OtlpReceiver;
beforeAll(async () => {
  receiver = await OtlpReceiver.open();
});
afterAll(() => receiver.close());

const open = (ratio = 1) =>
  openTracing({ endpoint: receiver.url, headers: {}, service: 'test', resource: {}, ratio });
const received = (name: string) => receiver.spans.find((span) => span.name === name);

describe('tracing', () => {
  it('is nothing where no receiver is named: there is no tracer, and nothing of the SDK is loaded', () => {
    expect(TracingModule.forRoot(new Config(), 'test')).toEqual({ module: TracingModule });
    expect(tracer).toBeUndefined();
    expect(inSpan(undefined, () => childSpan('below'))).toBeUndefined();
    const loaded = execFileSync(
      process.execPath,
      [
        ...['-r', './test/harness/register.cjs', '-e'],
        `require('@veche/telemetry'); console.log(Object.keys(require.cache).filter((f) => /opentelemetry.sdk/.test(f)).length)`,
      ],
      { cwd: ROOT, encoding: 'utf8' },
    );
    expect(loaded.trim()).toBe('0');
  });

  it('keeps what a ratio says, whatever a caller says about its own trace', async () => {
    const end = open(0);
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const spans = [tracer?.begin('unkept'), tracer?.begin('of a caller', { parent })];
    expect(spans.map((span) => span?.recording)).toEqual([false, false]);
    expect(spans[1]?.traceparent).toMatch(/^00-a{32}-[\da-f]{16}-00$/);
    spans.forEach((span) => span?.end());
    await end();
    expect([received('unkept'), received('of a caller')]).toEqual([undefined, undefined]);
  });

  it('knows what runs in a span, and forgets it with the span', async () => {
    const end = open();
    const span = tracer?.begin('above');
    const [within, below] = inSpan(span, () => [spanOfNow(), childSpan('below')]);
    expect([within, below?.traceId]).toEqual([span, span?.traceId]);
    expect(inSpan(span, () => inSpan(undefined, () => spanOfNow()))).toBeUndefined();
    below?.end();
    span?.end();
    // what goes on after its end belongs to nobody
    expect(inSpan(span, () => childSpan('late'))).toBeUndefined();
    await end();
    expect(received('below')?.parentId).toBe(received('above')?.spanId);
    expect(tracer).toBeUndefined();
  });

  it('ends a span with its work, and says of a failure its code and whose fault it was', async () => {
    const end = open();
    const fail = (error: Error) =>
      ending(tracer!.begin(error.message), Promise.reject(error)).catch((thrown: unknown) => thrown);
    expect(await ending(tracer!.begin('good'), Promise.resolve(7))).toBe(7);
    const [theirs, ours] = [new AppError('forbidden', { detail: 'theirs' }), new Error('ours')];
    expect([await fail(theirs), await fail(ours)]).toEqual([theirs, ours]);
    await end();
    expect(received('good')).toMatchObject({ attributes: {}, failed: false });
    expect(received('theirs')).toMatchObject({ attributes: { 'error.type': 'forbidden' }, failed: false });
    expect(received('ours')).toMatchObject({ attributes: { 'error.type': 'internal' }, failed: true });
    expect([200, 404, 503].map(failureOfStatus)).toEqual([
      undefined,
      { type: '404', isFault: false },
      { type: '503', isFault: true },
    ]);
    expect(failureOf('unavailable').isFault).toBe(true);
  });

  it('leads from a span to others, at its beginning and later', async () => {
    const end = open();
    const [one, two] = [tracer!.begin('one'), tracer!.begin('two')];
    const shared = tracer!.begin('shared', { parent: one, links: [one, two], attributes: { size: 2 } });
    two.link(shared);
    two.set({ more: 'said' });
    [shared, one, two].forEach((span) => span.end());
    one.link(two); // it is over
    await end();
    const id = (name: string) => received(name)?.spanId;
    expect(received('shared')).toMatchObject({ links: [id('one'), id('two')], attributes: { size: 2 } });
    expect(received('two')).toMatchObject({ links: [id('shared')], attributes: { more: 'said' } });
    expect(received('one')?.links).toEqual([]);
  });

  it('ends as ever where the receiver takes nothing', async () => {
    receiver.isRefusing = true;
    const end = open();
    tracer?.begin('lost').end();
    await end();
    expect([tracer, received('lost')]).toEqual([undefined, undefined]);
    receiver.isRefusing = false;
  });
});
