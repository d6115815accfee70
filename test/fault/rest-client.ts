import { setTimeout as pause } from 'node:timers/promises';
import type { Numbers } from '../harness/numbers';
import { Rest } from '../harness/rest';
import type { Entry, Events } from '../harness/wire';
import { Client, type Message } from './client';
import { type DiaryWriter, sightOf } from './diary';

const POLL_MS = 700;

/** A program that sends by REST and asks for what is new every now and then. */
export class RestClient extends Client {
  private readonly rest: Rest;
  private open_ = true;
  private following: Promise<void>[] = [];

  constructor(
    diary: DiaryWriter,
    random: Numbers,
    gateway: string,
    token: string,
    private readonly all: readonly string[],
  ) {
    super(diary, random);
    this.rest = new Rest(gateway, token);
  }

  open(): void {
    this.following = this.all.map((room) => this.follow(room));
  }

  async close(): Promise<void> {
    this.open_ = false;
    await Promise.all(this.following);
  }

  protected send({ roomId, text, clientId }: Message): Promise<Entry> {
    return this.rest.post(`/rooms/${roomId}/messages`, { text, clientId });
  }

  protected async connected(): Promise<void> {
    // each request is a connection of its own
  }

  private async follow(room: string): Promise<void> {
    while (this.open_) {
      const after = this.holding.last(room);
      try {
        const page = await this.rest.get<Events>(`/rooms/${room}/events?after=${after}&limit=500`);
        this.rooms.add(room);
        this.diary.note({ kind: 'page', room, after, entries: page.items.map(sightOf) });
        for (const entry of page.items)
          if (!this.holding.take(entry))
            this.diary.note({ kind: 'unheard-of', what: `a page after ${after} has ${entry.seq} too early` });
        if (page.complete) await pause(this.random.between(POLL_MS / 2, POLL_MS * 2));
      } catch (error) {
        this.judge(error, 'events');
        if (this.isFinal(error)) this.rooms.delete(room);
        await pause(this.random.between(POLL_MS / 2, POLL_MS));
      }
    }
  }
}
