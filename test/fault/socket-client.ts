import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Numbers } from '../harness/numbers';
import { Refused } from '../harness/rest';
import type { Entry, Problem, Ready, Room } from '../harness/wire';
import { Client, type Message } from './client';
import { type DiaryWriter, sightOf } from './diary';

type Acknowledgement<T> = ({ ok: true } & T) | { ok: false; error: Problem };

interface Page {
  events: Entry[];
  lastSeq: number;
  complete: boolean;
}

/** Longer than the server takes to give up. */
const PATIENCE_MS = 12_000;

/** A device with a plain socket.io-client, and what docs/api.md asks of clients. */
export class SocketClient extends Client {
  private readonly socket: Socket;
  private connection = 0;
  private ready = false;
  /** Rooms that are being synced, with what was pushed meanwhile. */
  private readonly syncing = new Map<string, Entry[]>();
  private readonly waiting: (() => void)[] = [];
  /** How often it was told that it is in a room. */
  private tidings = 0;

  constructor(diary: DiaryWriter, random: Numbers, gateway: string, token: string) {
    super(diary, random);
    this.socket = io(`${gateway}/chat`, {
      auth: { token },
      transports: ['websocket'],
      reconnectionDelay: 100,
      reconnectionDelayMax: 1_000,
      timeout: 5_000,
      forceNew: true,
      autoConnect: false,
    });
    this.socket
      .on('ready', (ready: Ready) => this.begin(ready))
      .on('event', (entry: Entry) => this.take(entry))
      .on('room:added', ({ room }: { room: Room }) => this.join(room))
      .on('room:removed', ({ roomId }: { roomId: string }) => {
        this.diary.note({ kind: 'removed', connection: this.connection, room: roomId });
        this.rooms.delete(roomId);
      })
      .on('session:ended', ({ reason }: { reason: string }) => this.unheardOf(`session ended: ${reason}`))
      .on('connect_error', (error: Error & { data?: Problem }) => {
        if (!error.data) return;
        // such a refusal is for good, as socket.io-client has it
        this.unheardOf(`a handshake was refused: ${error.data.code}`);
        void pause(500).then(() => this.socket.connect());
      })
      .on('disconnect', (reason) => {
        this.ready = false;
        if (reason === 'io client disconnect') return;
        this.reconnects++;
        if (reason !== 'io server disconnect') return;
        this.unheardOf('the server has sent it away for good');
        this.socket.connect();
      });
  }

  open(): void {
    this.socket.connect();
  }

  close(): void {
    this.socket.disconnect();
  }

  protected async send(message: Message): Promise<Entry> {
    return (await this.call<{ event: Entry }>('message:send', message)).event;
  }

  protected async connected(): Promise<void> {
    if (!this.ready) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  override behind(targets: Readonly<Record<string, number>>): string[] {
    return this.ready ? super.behind(targets) : ['not connected'];
  }

  private begin({ rooms }: Ready): void {
    this.connection++;
    const lastSeqs = Object.fromEntries(rooms.map((r) => [r.id, r.lastSeq]));
    this.diary.note({ kind: 'ready', connection: this.connection, rooms: lastSeqs });
    this.ready = true;
    this.tidings++;
    this.rooms.clear();
    for (const { id, lastSeq } of rooms) {
      this.rooms.add(id);
      if (lastSeq < this.holding.last(id)) this.unheardOf(`${id} was set back to ${lastSeq}`);
      if (lastSeq > this.holding.last(id)) this.sync(id);
    }
    for (const go of this.waiting.splice(0)) go();
  }

  private join({ id, lastSeq }: Room): void {
    this.diary.note({ kind: 'added', connection: this.connection, room: id, lastSeq });
    this.tidings++;
    this.rooms.add(id);
    this.sync(id);
  }

  private take(entry: Entry): void {
    const { roomId: room } = entry;
    this.diary.note({ kind: 'pushed', connection: this.connection, room, entry: sightOf(entry) });
    const meanwhile = this.syncing.get(room);
    if (meanwhile) meanwhile.push(entry);
    else if (!this.holding.take(entry)) this.sync(room);
  }

  /** Fetches what follows the last number held, until there is no more. */
  private sync(room: string): void {
    if (this.syncing.has(room)) return;
    const meanwhile: Entry[] = [];
    this.syncing.set(room, meanwhile);
    void this.syncOn(room).then(() => {
      this.syncing.delete(room);
      const fit = meanwhile.every((entry) => this.holding.take(entry));
      if (!fit && this.ready && this.rooms.has(room)) this.sync(room);
    });
  }

  private async syncOn(room: string): Promise<void> {
    while (this.rooms.has(room)) {
      await this.connected();
      const after = this.holding.last(room);
      const { tidings } = this;
      try {
        const answer = await this.call<{ rooms: Record<string, Page | { error: Problem }> }>('sync', {
          rooms: { [room]: after },
        });
        const page = answer.rooms[room];
        if (!page) return this.unheardOf('sync left a room out');
        if ('error' in page) throw new Refused('sync', page.error.code, page.error);
        this.diary.note({ kind: 'page', room, after, entries: page.events.map(sightOf) });
        for (const entry of page.events)
          if (!this.holding.take(entry)) this.unheardOf(`sync after ${after} began with ${entry.seq}`);
        if (page.complete) return;
      } catch (error) {
        this.judge(error, 'sync');
        // it may have been let in again while it was being refused
        if (this.isFinal(error) && tidings === this.tidings) return void this.rooms.delete(room);
        await pause(this.random.between(50, 300));
      }
    }
  }

  private async call<T>(event: string, data: unknown): Promise<T> {
    const answer = (await this.socket.timeout(PATIENCE_MS).emitWithAck(event, data)) as Acknowledgement<T>;
    if (answer.ok) return answer;
    throw new Refused(event, answer.error.code, answer.error);
  }

  private unheardOf(what: string): void {
    this.diary.note({ kind: 'unheard-of', what });
  }
}
