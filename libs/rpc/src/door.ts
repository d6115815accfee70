import { type Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { AppError, statusOf } from '@veche/errors';
import { networkOf, Places } from '@veche/limits';
import { inRequest, type RequestOfLine } from '@veche/telemetry';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { v7 as uuid } from 'uuid';
import { CLIENT_IP, isRequestId, REQUEST_ID, SERVICE, text } from './call';
import { addressOfPeer } from './client-address';
import type { Credential } from './credential';
import { HalfSent } from './half-sent';

type Intercepted = Parameters<ServerInterceptor>[1];

/** Streams that a network of strangers may hold open in this process, whoever they are and whatever they hear. */
const STREAMS = { each: 1_000, all: 10_000 };

/** What is asked too often, or too regularly, for a line each time that it goes well. */
const FREQUENT = /\/(SendMessage|MarkRead|ValidateSession|GetKeys|Check|Watch)$/;
const LEVEL_OF_FAILURE: Partial<Record<status, 'warn' | 'error'>> = {
  [status.INTERNAL]: 'error',
  [status.UNKNOWN]: 'error',
  [status.UNAVAILABLE]: 'warn',
  [status.DEADLINE_EXCEEDED]: 'warn',
};

/**
 * The stream beneath a call, to which grpc-js has no public way: it tells how much of a request has come, and a status
 * alone would leave it open, with all of that, until the client ends its part.
 */
const streamOf = (call: Intercepted): ServerHttp2Stream | undefined =>
  (call as Intercepted & { stream?: ServerHttp2Stream }).stream;

/**
 * What happens to each call at a gRPC door, whatever service it is for, before and after its handler: who sends half a
 * request or holds too many streams is refused, and a line of the log says what was called, by whom and how it ended.
 * Calls of services are not bounded here: their users are, where they are known.
 */
export const doorOf = (credential: Credential | undefined): ServerInterceptor => {
  const log = new Logger('Access');
  const halfSent = new HalfSent();
  const streams = new Places(STREAMS);

  return ({ path, responseStream }, next) => {
    const beganAt = performance.now();
    const peer = addressOfPeer(next.getPeer());
    const network = networkOf(peer);
    let request: RequestOfLine = { requestId: uuid(), address: peer };
    let fromService = false;
    let leave: (() => void) | undefined;
    let whole: () => void = () => undefined;
    let isOver = false;

    const over = (code: status): void => {
      if (isOver) return;
      isOver = true;
      whole();
      leave?.();
      const quiet = fromService || FREQUENT.test(path);
      const level = LEVEL_OF_FAILURE[code] ?? (quiet ? 'debug' : 'log');
      const ms = Math.round(performance.now() - beganAt);
      inRequest(request, () => log[level]({ call: path.slice(1), code: status[code], ms }, 'call answered'));
    };
    const refuse = (error: AppError): void => {
      over(status.RESOURCE_EXHAUSTED);
      next.sendStatus(statusOf(error));
      // behind the status, which an error would overtake (RFC 9113, 8.1: the request is not wanted to its end)
      streamOf(next)?.close(constants.NGHTTP2_NO_ERROR);
    };
    /** Who calls, as far as it can be known before a handler asks. */
    const opened = (metadata: Metadata): void => {
      fromService = credential?.is(text(metadata, SERVICE)) ?? false;
      const given = text(metadata, REQUEST_ID);
      // a stranger's id goes into our logs: only what looks like one
      if (isRequestId(given)) request = { ...request, requestId: given };
      else metadata.set(REQUEST_ID, request.requestId);
      if (fromService) {
        request = { ...request, address: text(metadata, CLIENT_IP) };
        return;
      }
      if (responseStream) leave = streams.take(network);
      if (responseStream && !leave)
        return refuse(new AppError('rate_limited', { detail: 'Too many streams' }));
      const begun = halfSent.begin(network, () =>
        refuse(new AppError('rate_limited', { detail: 'The request was not sent to its end' })),
      );
      streamOf(next)?.on('data', (chunk: Buffer) => begun.came(chunk.length));
      whole = () => begun.end();
    };

    return new ServerInterceptingCall(next, {
      start: (begin) =>
        begin({
          onReceiveMetadata: (metadata, pass) => {
            opened(metadata);
            if (!isOver) inRequest(request, () => pass(metadata));
          },
          onReceiveMessage: (message, pass) => {
            // a dialogue, as reflection is, has no end until its last question
            if (responseStream) whole();
            inRequest(request, () => pass(message));
          },
          onReceiveHalfClose: (pass) => {
            whole();
            inRequest(request, pass);
          },
          onCancel: () =>
            over(Number(next.getDeadline()) <= Date.now() ? status.DEADLINE_EXCEEDED : status.CANCELLED),
        }),
      sendStatus: (answer, pass) => {
        over(answer.code ?? status.UNKNOWN);
        pass(answer);
      },
    });
  };
};
