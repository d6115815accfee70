import { isDeepStrictEqual } from 'node:util';
import { eventually } from '@veche/testing';
import type { Socket } from './socket';
import type { Entry, Ready, Room, Synced } from './wire';

/**
 * A client that does with a room's log what the documentation tells clients to do, and nothing else: holds the
 * last number of each room, asks `sync` for what follows after a connection or an invitation, and appends what
 * arrives. Everything that a client need not expect is noted as a fault.
 */
export class Follower {
  readonly logs = new Map<string, Entry[]>();
  readonly faults: string[] = [];
  /** Rooms whose beginning is being fetched, with what arrived meanwhile. */
  private readonly waiting = new Map<string, Entry[]>();

  /** @param socket not yet connected */
  constructor(
    readonly socket: Socket,
    private readonly follows: (roomId: string) => boolean = () => true,
  ) {
    socket.io.on('ready', (ready: Ready) => {
      for (const room of ready.rooms) if (room.lastSeq > this.last(room.id)) this.catchUp(room.id);
    });
    socket.io.on('room:added', ({ room }: { room: Room }) => this.catchUp(room.id));
    socket.io.on('event', (entry: Entry) => this.take(entry));
  }

  last(roomId: string): number {
    return this.logs.get(roomId)?.at(-1)?.seq ?? 0;
  }

  log(roomId: string): Entry[] {
    return this.logs.get(roomId) ?? [];
  }

  /** @throws when it does not hold that number in time */
  reaches(roomId: string, seq: number, ms = 30_000): Promise<boolean> {
    return eventually(() => this.last(roomId) >= seq && !this.waiting.has(roomId), { within: ms });
  }

  /** Begins, or begins again, to fetch what follows the last number held. */
  catchUp(roomId: string): void {
    if (!this.follows(roomId) || this.waiting.has(roomId)) return;
    const meanwhile: Entry[] = [];
    this.waiting.set(roomId, meanwhile);
    this.fetch(roomId)
      .catch((error: Error) => {
        // a connection that went, or a room that was left, while asking; the next one asks again
        if (this.socket.io.connected && !error.message.includes('not_a_member'))
          this.faults.push(error.message);
      })
      .finally(() => {
        this.waiting.delete(roomId);
        const follows = meanwhile.filter((e) => e.seq > this.last(roomId));
        if (follows[0] && follows[0].seq > this.last(roomId) + 1) {
          if (this.socket.io.connected) this.catchUp(roomId);
        } else follows.forEach((e) => this.take(e));
      });
  }

  private async fetch(roomId: string): Promise<void> {
    for (;;) {
      const after = this.last(roomId);
      const answer = await this.socket.call<Synced>('sync', { rooms: { [roomId]: after } });
      const page = answer.rooms[roomId];
      if (!page || page.error) return;
      page.events.forEach((e) => this.append(e));
      if (page.complete) return;
      if (this.last(roomId) === after) throw new Error('sync neither got on nor was complete');
    }
  }

  private take(entry: Entry): void {
    if (!this.follows(entry.roomId)) return;
    const waiting = this.waiting.get(entry.roomId);
    if (waiting) waiting.push(entry);
    else this.append(entry);
  }

  private append(entry: Entry): void {
    let log = this.logs.get(entry.roomId);
    if (!log) this.logs.set(entry.roomId, (log = []));
    const last = log.at(-1)?.seq ?? 0;
    if (entry.seq === last + 1) log.push(entry);
    else if (entry.seq > last + 1) this.faults.push(`${entry.seq} came after ${last} in ${entry.roomId}`);
    else if (!isDeepStrictEqual(log[entry.seq - 1], entry))
      this.faults.push(`${entry.seq} of ${entry.roomId} came twice and differed`);
  }
}
