import { Config } from '@veche/config';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openTracing } from './open-tracing';
import { childSpan, inSpan, spanOfNow, tracer } from './tracer';
import { TracingModule } from './tracing.module';

const ROOT = join(__dirname, '../../../..');

/** Takes what is exported, and says how much of it there was. */
const openReceiver = async (status = 200) => {
  let taken = 0;
  const server = createServer((request, answer) => {
    request.on('data', (chunk: Buffer) => (taken += chunk.length));
    request.on('end', () => answer.writeHead(status).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { endpoint: `http://127.0.0.1:${port}`, taken: () => taken, close };
};

const settings = { headers: {}, service: 'test', resource: {}, ratio: 1 };

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
    const receiver = await openReceiver();
    const end = openTracing({ ...settings, endpoint: receiver.endpoint, ratio: 0 });
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const spans = [tracer?.begin('root'), tracer?.begin('of a caller', { parent })];
    expect(spans.map((span) => span?.recording)).toEqual([false, false]);
    expect(spans[1]?.traceparent).toMatch(/^00-a{32}-[\da-f]{16}-00$/);
    spans.forEach((span) => span?.end());
    await end();
    expect(receiver.taken()).toBe(0);
    receiver.close();
  });

  it('knows what runs in a span, and forgets it with the span', async () => {
    const receiver = await openReceiver();
    const end = openTracing({ ...settings, endpoint: receiver.endpoint });
    const span = tracer?.begin('above');
    const [within, below] = inSpan(span, () => [spanOfNow(), childSpan('below')]);
    expect([within, below?.traceId]).toEqual([span, span?.traceId]);
    expect(inSpan(span, () => inSpan(undefined, () => spanOfNow()))).toBeUndefined();
    below?.end();
    span?.end();
    // what goes on after its end belongs to nobody
    expect(inSpan(span, () => childSpan('late'))).toBeUndefined();
    await end();
    expect(receiver.taken()).toBeGreaterThan(0);
    expect(tracer).toBeUndefined();
    receiver.close();
  });

  it('ends within its bound where the receiver takes nothing', async () => {
    const receiver = await openReceiver(503);
    const end = openTracing({ ...settings, endpoint: receiver.endpoint });
    tracer?.begin('lost').end();
    const began = performance.now();
    await end();
    expect(performance.now() - began).toBeLessThan(5_000);
    receiver.close();
  });
});
