import { Logger, type OnModuleDestroy } from '@nestjs/common';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import { Access, type UserPrincipal } from '@veche/access';
import { MarkReadDto, SendMessageDto } from '@veche/dto';
import { AppError, ERRORS } from '@veche/errors';
import { NAMESPACE } from '@veche/protocol';
import { Authenticator } from '@veche/rpc';
import type { Namespace, Socket } from 'socket.io';
import { CallPipeline } from './call-pipeline';
import { CallRates } from '../guards/call-rates';
import { CallsUnderWay } from './calls-under-way';
import { EnterRoomDto, ExitRoomDto, SyncDto, TokenDto } from './calls.dto';
import { CallsService } from './calls.service';
import { Connection } from './connection';
import { ConnectionLimit } from './connection-limit';
import { FanOut } from './fan-out.service';
import { handlersOf, OnCall } from './on-call.decorator';
import { refusalOf } from './socket.adapter';
import type { SocketCall } from './socket-call';

const connectionOf = (socket: Socket): Connection => (socket.data as { connection: Connection }).connection;

/** How long calls that have begun may take when the process is told to stop. */
const FINISH_MS = 4_000;

/** The namespace: who may connect, and what they may ask. What they are told is the {@link FanOut}'s. */
@WebSocketGateway({ namespace: NAMESPACE })
export class ChatGateway
  implements
    OnGatewayInit<Namespace>,
    OnGatewayConnection<Socket>,
    OnGatewayDisconnect<Socket>,
    OnModuleDestroy
{
  private readonly log = new Logger('Sockets');
  @WebSocketServer() private readonly namespace!: Namespace;
  private readonly handlers = handlersOf(this);
  private stopping = false;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly calls: CallsService,
    private readonly fanOut: FanOut,
    private readonly limit: ConnectionLimit,
    private readonly underWay: CallsUnderWay,
    private readonly rates: CallRates,
    private readonly pipeline: CallPipeline,
  ) {}

  afterInit(namespace: Namespace): void {
    // Nest runs no guards before a connection
    namespace.use((socket, next) => void this.authenticate(socket, next));
  }

  handleConnection(socket: Socket): void {
    const { principal, token } = socket.data as { principal: UserPrincipal; token: string };
    const connection = new Connection(socket, this.authenticator, principal, token);
    socket.data = { connection };
    connection.onCall((packet) => {
      void this.pipeline.take(this.handlers.get(packet.data[0]), connection, packet);
    });
    // the session may have ended since the handshake
    if (connection.open) this.fanOut.add(connection);
    else connection.closed();
  }

  handleDisconnect(socket: Socket): void {
    const connection = connectionOf(socket);
    connection.closed();
    this.fanOut.remove(connection);
  }

  @OnCall('room:enter')
  @Access('messages.read')
  async enter(room: EnterRoomDto, { connection, context }: SocketCall) {
    const answer = await this.calls.enter(room, context);
    this.rates.answered(connection.principal.userId, answer.events.length);
    return answer;
  }

  @OnCall('room:exit')
  @Access('messages.read')
  exit(_room: ExitRoomDto) {
    return {};
  }

  @OnCall('message:send')
  @Access('messages.send')
  send(message: SendMessageDto, { context }: SocketCall) {
    return this.calls.send(message, context);
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
  read(mark: MarkReadDto, { context }: SocketCall) {
    return this.calls.read(mark, context);
  }

  @OnCall('token')
  @Access('sessions.own')
  async renew({ token }: TokenDto, { connection }: SocketCall) {
    await connection.renew(token);
    return { expiresAt: new Date(connection.principal.expiresAt).toISOString() };
  }

  /** Lets the calls that have begun finish, and breaks the connections so that clients go elsewhere. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.underWay.finished(FINISH_MS);
    this.fanOut.close();
    for (const socket of this.namespace.sockets.values()) connectionOf(socket).reset();
  }

  private async authenticate(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      if (this.stopping) throw new AppError('unavailable');
      const { token } = socket.handshake.auth as { token?: unknown };
      if (typeof token !== 'string' || token === '') throw new AppError('unauthenticated');
      const principal = await this.authenticator.authenticate(token);
      const leave = this.limit.take(principal.userId);
      if (!leave) throw new AppError('rate_limited', { detail: 'Too many connections' });
      socket.once('disconnect', leave);
      // it may break before the namespace has it, and then it is never said to have disconnected
      socket.conn.once('close', leave);
      if (socket.conn.readyState !== 'open') leave();
      socket.data = { principal, token };
      next();
    } catch (error) {
      if (!(error instanceof AppError)) this.log.error({ err: error }, 'unexpected error');
      const known = error instanceof AppError ? error : new AppError('internal');
      // a client gives up after a refusal, but comes back after a broken transport
      if (ERRORS[known.code].http >= 500) socket.conn.close();
      else next(refusalOf(known));
    }
  }
}
