import { Logger } from '@nestjs/common';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  WebSocketGateway,
} from '@nestjs/websockets';
import { Access } from '@veche/access';
import { Config } from '@veche/config';
import {
  DeleteMessageDto,
  EditMessageDto,
  SendMessageDto,
  SetPinDto,
  SetReactionDto,
  SetThreadFollowingDto,
  SetTypingDto,
} from '@veche/dto';
import { AppError, ERRORS } from '@veche/errors';
import { CallRates } from '@veche/limits';
import { NAMESPACE } from '@veche/protocol';
import type { Namespace, Socket } from 'socket.io';
import { clientAddressOf } from '../http/requests/client-address';
import { CallPipeline } from './call-pipeline';
import { EnterRoomDto, ExitRoomDto, ReadDto, SyncDto, TokenDto } from './calls.dto';
import { CallsService } from './calls.service';
import type { Connection } from './connection';
import { type Admitted, Connections } from './connections';
import { FanOut } from './fan-out.service';
import { handlersOf, OnCall } from './on-call.decorator';
import { IdleDto, StatusBody, WatchDto } from '../presence/presence.dto';
import { PresenceBoard } from './presence-board';
import { PresenceReports } from './presence-reports';
import { connected, disconnected, refused } from './socket.metrics';
import { refusalOf } from './socket.adapter';
import type { SocketCall } from './socket-call';
import { SocketIoTransport } from './socket-io.transport';

const connectionOf = (socket: Socket): Connection => (socket.data as { connection: Connection }).connection;

/** Beside the payload there may be the span that the client calls in. */
const callOf = (given: readonly unknown[]): { payload: unknown; traceparent?: unknown } => {
  const [payload, beside] = given;
  if (given.length < 2) return { payload };
  const traced =
    given.length === 2 && typeof beside === 'object' && beside !== null && 'traceparent' in beside;
  return traced ? { payload, traceparent: beside.traceparent } : { payload: given };
};

/** The namespace, and the calls of every door that sockets come by. */
@WebSocketGateway({ namespace: NAMESPACE })
export class ChatGateway
  implements OnGatewayInit<Namespace>, OnGatewayConnection<Socket>, OnGatewayDisconnect<Socket>
{
  private readonly log = new Logger('Sockets');
  readonly handlers = handlersOf(this);

  constructor(
    private readonly calls: CallsService,
    private readonly connections: Connections,
    private readonly fanOut: FanOut,
    private readonly board: PresenceBoard,
    private readonly reports: PresenceReports,
    private readonly rates: CallRates,
    private readonly pipeline: CallPipeline,
    private readonly config: Config,
  ) {}

  afterInit(namespace: Namespace): void {
    // Nest runs no guards before a connection
    namespace.use((socket, next) => void this.authenticate(socket, next));
  }

  handleConnection(socket: Socket): void {
    const transport = new SocketIoTransport(socket);
    const connection = this.connections.begin(transport, socket.data as Admitted);
    socket.data = { connection };
    connected.inc({ transport: socket.conn.transport.name });
    socket.once('disconnect', (reason) => disconnected.inc({ reason }));
    transport.onCall(({ data: [name, ...given], id }) => {
      void this.pipeline.take(this.handlers.get(name), connection, { ...callOf(given), id });
    });
  }

  handleDisconnect(socket: Socket): void {
    this.connections.closed(connectionOf(socket));
  }

  @OnCall('room:enter')
  @Access('messages.read')
  async enter(room: EnterRoomDto, { connection, context }: SocketCall) {
    try {
      const answer = await this.calls.enter(room, context, () => this.fanOut.look(room.roomId, connection));
      this.rates.answered(connection.principal.userId, answer.events.length + answer.online.length);
      return answer;
    } catch (error) {
      this.fanOut.looks.exit(room.roomId, connection);
      throw error;
    }
  }

  @OnCall('room:exit')
  @Access('messages.read')
  exit({ roomId }: ExitRoomDto, { connection }: SocketCall) {
    this.fanOut.looks.exit(roomId, connection);
    return {};
  }

  @OnCall('message:send')
  @Access('messages.send')
  send(message: SendMessageDto, { context }: SocketCall) {
    return this.calls.send(message, context);
  }

  @OnCall('message:edit')
  @Access('messages.send')
  edit(message: EditMessageDto, { context }: SocketCall) {
    return this.calls.edit(message, context);
  }

  @OnCall('message:delete')
  @Access('messages.send')
  delete(message: DeleteMessageDto, { context }: SocketCall) {
    return this.calls.delete(message, context);
  }

  @OnCall('message:react')
  @Access('messages.send')
  react(reaction: SetReactionDto, { context }: SocketCall) {
    return this.calls.react(reaction, context);
  }

  @OnCall('message:pin')
  @Access('messages.send')
  pin(pin: SetPinDto, { context }: SocketCall) {
    return this.calls.pin(pin, context);
  }

  @OnCall('sync')
  @Access('messages.read')
  async sync(held: SyncDto, { connection, context }: SocketCall) {
    const { userId } = connection.principal;
    // each room is a read of its own, and one is spent
    const more = Object.keys(held.rooms).length - 1;
    if (more > 0) this.rates.spend(userId, more);
    const answer = await this.calls.sync(held, context);
    const counts = Object.values(answer.rooms).map((page) => ('events' in page ? page.events.length : 0));
    this.rates.answered(
      userId,
      counts.reduce((sum, count) => sum + count, 0),
    );
    return answer;
  }

  @OnCall('read')
  @Access('rooms.read')
  read(mark: ReadDto, { context }: SocketCall) {
    return this.calls.read(mark, context);
  }

  @OnCall('thread:follow')
  @Access('messages.read')
  follow(thread: SetThreadFollowingDto, { context }: SocketCall) {
    return this.calls.follow(thread, context);
  }

  @OnCall('typing')
  @Access('messages.send')
  typing(typing: SetTypingDto, { context }: SocketCall) {
    return this.calls.typing(typing, context);
  }

  @OnCall('status')
  @Access('users.own')
  setStatus(status: StatusBody, { context }: SocketCall) {
    return this.calls.setStatus(status, context);
  }

  @OnCall('presence:watch')
  @Access('users.read')
  async watch({ userIds }: WatchDto, { connection }: SocketCall) {
    const presences = await this.board.watch(connection, userIds);
    this.rates.answered(connection.principal.userId, presences.length);
    return { presences };
  }

  @OnCall('presence:idle')
  @Access('users.own')
  setIdle({ idle }: IdleDto, { connection }: SocketCall) {
    this.reports.setIdle(connection, idle);
    return {};
  }

  @OnCall('token')
  @Access('sessions.own')
  async renew({ token }: TokenDto, { connection }: SocketCall) {
    await connection.renew(token);
    return { expiresAt: new Date(connection.principal.expiresAt).toISOString() };
  }

  private async authenticate(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      const admitted = await this.connections.admit(
        (socket.handshake.auth as { token?: unknown }).token,
        clientAddressOf(socket.request, this.config.TRUST_PROXY),
      );
      const { leave } = admitted;
      socket.once('disconnect', leave);
      // it may break before the namespace has it, and then it is never said to have disconnected
      socket.conn.once('close', leave);
      if (socket.conn.readyState !== 'open') leave();
      socket.data = admitted;
      next();
    } catch (error) {
      if (!(error instanceof AppError)) this.log.error({ err: error }, 'unexpected error');
      const known = error instanceof AppError ? error : new AppError('internal');
      refused.inc({ code: known.code });
      // a client gives up after a refusal, but comes back after a broken transport
      if (ERRORS[known.code].http >= 500) socket.conn.close();
      else next(refusalOf(known));
    }
  }
}
