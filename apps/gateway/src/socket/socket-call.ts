import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { CALL_TIMEOUT_MS, type CallContext } from '@veche/rpc';
import type { Socket } from 'socket.io';
import { v7 as uuid } from 'uuid';
import type { Connection } from './connection';

/** The acknowledgement that a client asked for; does nothing where it asked for none. */
export type Acknowledge = (answer: object) => void;

/** What belongs to one call of a client. Every handler gets it after its payload and the acknowledgement. */
export interface SocketCall {
  readonly requestId: string;
  /** In milliseconds since 1970. */
  readonly deadline: number;
}

export const newCall = (): SocketCall => ({ requestId: uuid(), deadline: Date.now() + CALL_TIMEOUT_MS });

type HandlerArguments = [Socket, unknown, Acknowledge, SocketCall];

/** The arguments that {@link SocketAdapter} calls every handler with. */
export const argumentsOf = (context: { getArgs(): unknown[] }): HandlerArguments =>
  context.getArgs() as HandlerArguments;

export const connectionOf = (socket: Socket): Connection =>
  (socket.data as { connection: Connection }).connection;

/** The {@link Connection} that a call came by. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Connection =>
  connectionOf(argumentsOf(context)[0]),
);

/** What to pass on to the services: the call, with the caller's present token. */
export const Context = createParamDecorator((_: unknown, context: ExecutionContext): CallContext => {
  const [socket, , , call] = argumentsOf(context);
  return { ...call, token: connectionOf(socket).token };
});
