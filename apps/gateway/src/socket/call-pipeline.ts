import { Injectable, Logger } from '@nestjs/common';
import { acknowledgementOf, AppError } from '@veche/errors';
import { secondsSince } from '@veche/metrics';
import type { Acknowledgement } from '@veche/protocol';
import { Authenticator, CALL_TIMEOUT_MS, type CallContext } from '@veche/rpc';
import { failureOf, inSpan, tracer } from '@veche/telemetry';
import { randomUUID } from 'node:crypto';
import { admit } from '../guards/admit';
import { CallRates } from '@veche/limits';
import { CallsUnderWay } from './calls-under-way';
import type { Connection } from './connection';
import { Frames } from './frames';
import type { CallHandler } from './on-call.decorator';
import { callSeconds } from './socket.metrics';

/** What is asked too often for a line each time that it goes well. */
const FREQUENT = new Set([
  'message:send',
  'read',
  'sync',
  'room:enter',
  'room:exit',
  'typing',
  'presence:watch',
  'presence:idle',
  'token',
]);

/** The name of a call that nobody has is a stranger's word. */
const NONE = 'none';

/** What a client gives to a call, and a number if it wants an answer. */
interface Call {
  readonly payload: unknown;
  readonly id: number | undefined;
  /** As W3C Trace Context has it, where the client says it. */
  readonly traceparent?: unknown;
}

/**
 * What happens before and after every handler of a call: not too many at once and not too often, by somebody who may,
 * as their rights are now and not as they were; and whatever comes of it is acknowledged. By hand, because Nest's
 * binding makes guards, pipes and handlers anew for each socket, and would stay silent where there is no such call.
 */
@Injectable()
export class CallPipeline {
  private readonly log = new Logger('Sockets');
  private readonly access = new Logger('Access');

  constructor(
    private readonly authenticator: Authenticator,
    private readonly rates: CallRates,
    private readonly underWay: CallsUnderWay,
  ) {}

  async take(handler: CallHandler | undefined, connection: Connection, call: Call): Promise<void> {
    const { payload, id } = call;
    const acknowledge = (answer: { readonly ok: boolean }): void => {
      if (id !== undefined) connection.write(Frames.answer(id, answer));
    };
    if (this.underWay.full) return acknowledge(acknowledgementOf(new AppError('overloaded')));
    const end = this.underWay.begin();
    const began = performance.now();
    const requestId = randomUUID();
    const name = handler?.name ?? NONE;
    const span = tracer?.begin(name, { kind: 'server', parent: traceparentOf(call) });
    const context = { requestId, traceparent: span?.traceparent };
    const answer = await inSpan(span, () => this.answer(handler, connection, payload, context));
    // before anything that could throw: a call that is never over would keep the process from stopping
    end();
    acknowledge(answer);
    span?.end(answer.ok ? undefined : failureOf(answer.error.code));
    const [code, seconds] = [codeOf(answer), secondsSince(began)];
    callSeconds.observe({ call: name, code }, seconds);
    const trace = span && { trace: span.traceId };
    const ms = Math.round(seconds * 1000);
    const line = { requestId, ...trace, ...connection.whose, call: name, code, ms };
    this.access[FREQUENT.has(name) && answer.ok ? 'debug' : 'log'](line, 'call answered');
  }

  private async answer(
    handler: CallHandler | undefined,
    connection: Connection,
    payload: unknown,
    given: Pick<CallContext, 'requestId' | 'traceparent'>,
  ): Promise<Acknowledgement<object>> {
    const deadline = Date.now() + CALL_TIMEOUT_MS;
    try {
      const { token } = connection;
      this.rates.spend(connection.principal.userId);
      const principal = await this.authenticator.authenticate(token);
      if (!handler) throw new AppError('not_found', { detail: 'No such call' });
      admit(handler.access, principal);
      const answer = await handler.handle(payload, { connection, context: { ...given, deadline, token } });
      return { ok: true, ...answer };
    } catch (error) {
      if (error instanceof AppError) return acknowledgementOf(error);
      const { requestId } = given;
      this.log.error({ err: error, requestId, ...connection.whose }, 'unexpected error');
      return acknowledgementOf(new AppError('internal'), requestId);
    }
  }
}

const traceparentOf = ({ traceparent }: Call): string | undefined =>
  typeof traceparent === 'string' ? traceparent : undefined;

const codeOf = (answer: Acknowledgement<object>): string => (answer.ok ? 'ok' : answer.error.code);
