import { MESSAGES } from '@veche/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { Grpc, jsonOf } from '../harness/grpc';
import type { Numbers } from '../harness/numbers';
import type { Entry } from '../harness/wire';
import { Client, type Message } from './client';
import { type DiaryWriter, sightOf } from './diary';

const PATIENCE_MS = 12_000;
/** As gRPC's documentation advises for streams that may be silent for long. */
const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 5_000,
};

/** A program that sends by gRPC and holds a `Connect` stream of each room. */
export class StreamClient extends Client {
  private readonly grpc;
  private streams = 0;
  private closed = false;

  constructor(
    diary: DiaryWriter,
    random: Numbers,
    chat: string,
    token: string,
    private readonly all: readonly string[],
  ) {
    super(diary, random);
    this.grpc = new Grpc(MESSAGES.definition, chat, token, CHANNEL);
  }

  open(): void {
    for (const room of this.all) void this.follow(room);
  }

  close(): void {
    this.closed = true;
    this.grpc.close();
  }

  protected async send(message: Message): Promise<Entry> {
    const { entry } = await this.grpc.call(
      'sendMessage',
      { ...message, attachmentIds: [] },
      { timeoutMs: PATIENCE_MS },
    );
    return jsonOf(entry);
  }

  protected async connected(): Promise<void> {
    // the channel connects when it is used
  }

  private async follow(room: string): Promise<void> {
    while (!this.closed) {
      const connection = ++this.streams;
      const after = this.holding.last(room);
      this.diary.note({ kind: 'ready', connection, rooms: { [room]: after } });
      const error = await this.listen(room, after, connection);
      if (this.closed) return;
      this.judge(error, 'connect');
      // who is not in the room asks until they are
      if (this.isFinal(error)) this.rooms.delete(room);
      else this.reconnects++;
      await pause(this.random.between(100, 500));
    }
  }

  private listen(room: string, after: number, connection: number): Promise<unknown> {
    return this.grpc.follow('connect', { roomId: room, after }, ({ entry }) => {
      if (this.closed) return;
      const seen = jsonOf(entry);
      this.rooms.add(room);
      this.diary.note({ kind: 'pushed', connection, room, entry: sightOf(seen), replay: true });
      if (!this.holding.take(seen))
        this.diary.note({ kind: 'unheard-of', what: `a stream after ${after} left something out` });
    });
  }
}
