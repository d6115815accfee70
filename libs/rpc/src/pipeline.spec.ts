import { NestFactory } from '@nestjs/core';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import { CallRates } from '@veche/limits';
import type { UserPrincipal } from '@veche/access';
import { TracingModule } from '@veche/telemetry';
import { OtlpReceiver } from '@veche/testing';
import { NEVER, type Subscription } from 'rxjs';
import { Authenticator } from './authenticator';
import { type Incoming, THIS_PROCESS } from './call';
import { RpcPipeline } from './pipeline';

class Nobody extends Authenticator {
  authenticate(_token: string): Promise<UserPrincipal> {
    return Promise.reject(new AppError('unauthenticated'));
  }
  override hold(): void {
    return;
  }
  override release(): void {
    return;
  }
}

/** A token is a user's name. */
class Everybody extends Nobody {
  override async authenticate(userId: string): Promise<UserPrincipal> {
    return { kind: 'user', userId, sessionId: 's', role: 'user', appId: 'veche', expiresAt: Infinity };
  }
}

const rates = new CallRates({ RATE_LIMIT: 1_000_000 });

test('a user holds so many streams open, a service any number, and one that has ended makes room', async () => {
  const pipeline = new RpcPipeline(new Everybody(), 'a credential', rates);
  const refused: unknown[] = [];
  const open = async (token: string, serviceToken?: Incoming['serviceToken']): Promise<Subscription> => {
    const incoming: Incoming = { token, requestId: 'r', serviceToken };
    const stream = pipeline
      .stream('/path', 'messages.read', incoming, () => NEVER)
      .subscribe({ error: (error) => refused.push(error) });
    await new Promise(setImmediate);
    return stream;
  };
  const [first] = await Promise.all(Array.from({ length: 32 }, () => open('olga')));
  expect(refused).toEqual([]);
  await open('olga');
  await open('olga');
  const tooMany = new AppError('rate_limited', { detail: 'Too many streams' });
  expect(refused.splice(0)).toEqual([tooMany, tooMany]);
  await open('boris');
  await open('olga', 'a credential');
  await open('olga', THIS_PROCESS);
  expect(refused).toEqual([]);
  first?.unsubscribe();
  await open('olga');
  expect(refused).toEqual([]);
  await open('olga');
  expect(refused).toEqual([tooMany]);
});

test('more calls than can wait are refused, and taken again when others have been answered', async () => {
  const pipeline = new RpcPipeline(new Nobody(), 'a credential', rates);
  let answer: (value: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => (answer = resolve));
  const call = (): Promise<string> => pipeline.unary('/path', 'public', { requestId: 'r' }, () => slow);
  const waiting = Array.from({ length: 20_000 }, call);
  await expect(call()).rejects.toEqual(new AppError('overloaded'));
  answer('done');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['done']));
  expect(await call()).toBe('done');
});

describe('a call that is traced', () => {
  const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    receiver = await OtlpReceiver.open();
  });
  afterAll(() => receiver.close());

  /** What is received of these calls. */
  const traced = async (...calls: Partial<Incoming>[]) => {
    const config = Object.assign(new Config(), { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const app = await NestFactory.createApplicationContext(TracingModule.forRoot(config, 'test'), {
      logger: false,
    });
    const pipeline = new RpcPipeline(new Everybody(), 'a credential', rates);
    const seen = await Promise.all(
      calls.map((incoming, i) =>
        pipeline
          .unary(`/${i}`, 'service', { requestId: 'r', ...incoming }, async (call) => call.traceparent)
          .catch((error: AppError) => error.code),
      ),
    );
    await app.close();
    return { seen, spans: receiver.spans.splice(0) };
  };

  test('goes on in the trace of its caller, and hands its own span on', async () => {
    const { seen, spans } = await traced({ traceparent: parent, serviceToken: 'a credential' });
    expect(spans).toMatchObject([{ name: '/0', traceId: 'a'.repeat(32), parentId: 'b'.repeat(16) }]);
    expect(seen).toEqual([`00-${'a'.repeat(32)}-${spans[0]?.spanId}-01`]);
  });

  test('begins a trace for a stranger, and none for a service that asks by itself', async () => {
    const { seen, spans } = await traced({}, { serviceToken: THIS_PROCESS });
    expect(spans).toMatchObject([{ name: '/0', parentId: '', attributes: { 'error.type': 'forbidden' } }]);
    expect(seen).toEqual(['forbidden', undefined]);
  });
});
