import { Global, Module, type Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Config, ConfigModule } from '@veche/config';
import type { Entry, ReadMarks, RoomMoved, Typing } from '@veche/protocol';
import { Authenticator } from '@veche/rpc';
import { eventually } from '@veche/testing';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { RoomDto } from '../src/rooms/room.dto';
import { EventsController } from '../src/http/events/events.controller';
import { SocketModule } from '../src/socket/socket.module';
import { configureGateway, gatewayAdapter } from '../src/gateway.app';
import { Sessions } from './sessions';
import { UnreliableChat } from './unreliable-chat';

export interface Ready {
  userId: string;
  sessionId: string;
  expiresAt: string;
  rooms: { id: string; lastSeq: number; readSeq: number }[];
  more?: true;
}

export type Heard =
  | { event: 'ready'; data: Ready }
  | { event: 'rooms'; data: Pick<Ready, 'rooms' | 'more'> }
  | { event: 'event'; data: Entry }
  | { event: 'room:moved'; data: RoomMoved }
  | { event: 'room:added'; data: { room: RoomDto } }
  | { event: 'room:removed'; data: { roomId: string } }
  | { event: 'read'; data: { roomId: string; userId: string; seq: number } }
  | { event: 'reads'; data: ReadMarks }
  | { event: 'typing'; data: Typing }
  | { event: 'session:ended'; data: { reason: string } };

export type Answer = { ok: boolean; error: { code: string; errors?: { field: string }[] } } & Record<
  string,
  unknown
>;

/** Long: ten thousand calls are waited for at once, on a machine that does other things besides. */
const ANSWER_MS = 25_000;

/** One device, by the real client; keeps what it heard. */
export class Device {
  readonly socket: Socket;
  readonly heard: Heard[] = [];
  closedBy?: string;

  constructor(url: string, token: unknown, options: Partial<ManagerOptions & SocketOptions> = {}) {
    const given = { transports: ['websocket'], reconnection: false, forceNew: true, ...options };
    this.socket = io(`${url}/chat`, { auth: { token }, ...given });
    this.socket.onAny((event: string, data: unknown) => this.heard.push({ event, data } as Heard));
    this.socket.on('disconnect', (reason) => (this.closedBy = reason));
  }

  async call(event: string, ...payload: unknown[]): Promise<Answer> {
    return (await this.socket.timeout(ANSWER_MS).emitWithAck(event, ...payload)) as Answer;
  }

  ready(): Promise<Ready> {
    return eventually(() => this.heard.find((h) => h.event === 'ready')?.data);
  }

  seqs(roomId: string): number[] {
    return this.heard.flatMap(({ event, data }) =>
      event === 'event' && data.roomId === roomId ? [data.seq] : [],
    );
  }

  refusal(): Promise<{ code: string }> {
    return new Promise((resolve) =>
      this.socket.once('connect_error', (error) =>
        resolve((error as Error & { data: { code: string } }).data),
      ),
    );
  }
}

/** The doors of those who stay connected, before an unreliable chat. */
export class SocketDoor {
  private readonly devices: Device[] = [];

  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly chat: UnreliableChat,
    readonly sessions: Sessions,
  ) {}

  static async open(given: Partial<Config> = {}, random?: () => number): Promise<SocketDoor> {
    const sessions = new Sessions();
    const chat = new UnreliableChat((token) => sessions.find(token).userId, random);
    const config = Object.assign(new Config(), { LOG_LEVEL: 'silent' }, given);
    const providers: Provider[] = [{ provide: Authenticator, useValue: sessions }, ...chat.clients];

    @Global()
    @Module({ providers, exports: providers.map((p) => (p as { provide: symbol }).provide) })
    class Others {}

    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot(config), Others, SocketModule],
      controllers: [EventsController],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(gatewayAdapter(config), {
      logger: false,
    });
    await configureGateway(app, config);
    await app.listen(0, '127.0.0.1');
    return new SocketDoor(app, await app.getUrl(), chat, sessions);
  }

  device(token: unknown, options?: Partial<ManagerOptions & SocketOptions>): Device {
    const device = new Device(this.url, token, options);
    this.devices.push(device);
    return device;
  }

  /** A connected device of a user, which has heard `ready`. */
  async connected(
    userId: string,
    options?: Partial<ManagerOptions & SocketOptions>,
  ): Promise<Device & { token: string }> {
    const token = this.sessions.token(userId);
    const device = this.device(token, options);
    await device.ready();
    return Object.assign(device, { token });
  }

  disconnectAll(): void {
    for (const device of this.devices.splice(0)) device.socket.disconnect();
  }

  async close(): Promise<void> {
    this.disconnectAll();
    await this.app.close();
  }
}
