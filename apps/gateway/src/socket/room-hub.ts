import type { Entry } from '@veche/contracts';
import { RoomFeed, type RoomFeedOptions } from '@veche/feed';
import { isInRoom, type MessageCreated, type RoomMoved } from '@veche/protocol';
import { entryToJson } from '../entries/entry.wire';
import type { Connection } from './connection';
import { emitTo, Frames } from './frames';
import { concernedBy } from './concerned-by';
import { deliveries } from './socket.metrics';
import { membershipChange } from './membership-change';

/** Entries that are kept for connections that are still to be told about the room. */
const MAX_HELD = 500;
/** How long what happens in a large room waits for more before those are told of it who do not look. */
const GATHER_MS = 200;
/** How often they are told at most. */
const MOVED_MS = 5_000;
/** Threads that they are told of at most. */
const MOVED_THREADS = 100;

export interface RoomHubOptions extends Pick<RoomFeedOptions<Entry>, 'after' | 'fetch' | 'refused'> {
  readonly roomId: string;
  /** Members from which on it is large. */
  readonly largeFrom: number;
  /** Connections that look at it, those that are not told what happens in it among them perhaps. */
  lookers(): Iterable<Connection>;
  connectionsOf(userId: string): Iterable<Connection>;
  /** A member comes in with the entry that is about to be delivered. */
  joined(hub: RoomHub, userId: string, seq: number): void;
  /** A member has gone with the entry that was delivered just now. */
  left(hub: RoomHub, userId: string, seq: number): void;
}

/**
 * A room that somebody here is a member of: its feed, and the connections that its entries go to. Entries change
 * the membership in their own order, so nobody gets an entry after the one that removed them.
 *
 * Of a large room the entries go to those who look at it and whom they concern, and the others are told now and then how
 * far it is: what one person does there costs those who see it. It stays large here for as long as somebody is in it, so
 * that nobody is told the entries in turn again who has not had those before.
 */
export class RoomHub {
  readonly roomId: string;
  readonly feed: RoomFeed<Entry>;
  private readonly live = new Set<Connection>();
  /** Connections that know more than the feed has reached: they get what follows their number. */
  private readonly ahead = new Map<Connection, number>();
  /** Connections that are still to be told that they are in the room, and the number that they begin with. */
  private readonly newcomers = new Map<Connection, number>();
  /** Their entries, and the number after which none is missing among them. */
  private held: { readonly seq: number; readonly frames: Frames }[] = [];
  private heldAfter = 0;
  /** What was delivered in this turn, and leaves together: to be written before anything else changes here. */
  private run: { readonly entry: Entry; readonly frames: Frames }[] = [];
  private members = 0;
  private isLarge = false;
  private lastMessage: RoomMoved['lastMessage'];
  /** Threads that were written in since who does not look was told how far the room is. */
  private readonly threads = new Set<number>();
  private movedTimer?: NodeJS.Timeout | undefined;
  private movedAt = -Infinity;

  constructor(private readonly options: RoomHubOptions) {
    this.roomId = options.roomId;
    this.feed = new RoomFeed({ ...options, emit: (entry) => this.deliver(entry) });
  }

  get empty(): boolean {
    return this.live.size + this.ahead.size + this.newcomers.size === 0;
  }

  /** So many belong to it, as somebody has just seen it. */
  count(members: number): void {
    this.members = members;
    if (this.isLarge || members < this.options.largeFrom) return;
    this.flush();
    this.isLarge = true;
    this.held = [];
  }

  has(connection: Connection): boolean {
    return this.isTold(connection) || this.newcomers.has(connection);
  }

  /** Lets a connection have everything after a number, which the feed may not have reached. */
  add(connection: Connection, after: number): void {
    this.flush();
    if (after > this.feed.cursor) this.ahead.set(connection, after);
    else this.live.add(connection);
  }

  /** Whether what a connection holds is newer than an entry. */
  isBeyond(connection: Connection, seq: number): boolean {
    return (this.ahead.get(connection) ?? 0) > seq;
  }

  /** @returns whether the connection knew that it was in the room */
  remove(connection: Connection): boolean {
    this.flush();
    if (this.newcomers.delete(connection)) this.forgetHeld();
    const live = this.live.delete(connection);
    return this.ahead.delete(connection) || live;
  }

  /** Keeps for a connection what comes from a number on, until {@link admit}. */
  expect(connection: Connection, from: number): void {
    this.newcomers.set(connection, from);
  }

  /** Those that are expected at this moment, each with its number. */
  expected(): ReadonlyMap<Connection, number> {
    return new Map(this.newcomers);
  }

  /** The number after which newcomers are told everything, whatever they are expected with. */
  get begin(): number {
    return this.isLarge ? this.feed.cursor : this.heldAfter;
  }

  /** Whether a connection is still expected as it was: it may have gone, and even come again, since. */
  expects(connection: Connection, from: number): boolean {
    return this.newcomers.get(connection) === from;
  }

  /**
   * Tells a connection that it is in the room, and everything from the number on with which it was expected. Where too
   * much has happened since, it begins with what follows {@link begin}, which the greeting has to tell.
   */
  admit(connection: Connection, greeting: Frames): void {
    this.flush();
    const from = this.newcomers.get(connection) ?? Infinity;
    this.newcomers.delete(connection);
    this.live.add(connection);
    connection.write(greeting);
    // each as it is: they are encoded once, for however many come
    for (const { seq, frames } of this.held) if (seq >= from) connection.write(frames);
    this.forgetHeld();
  }

  /** Something that is not part of the log, for those of some connections that are here. */
  tell(frames: Frames, connections: Iterable<Connection>): void {
    this.flush();
    emitTo(
      [...connections].filter((connection) => this.isTold(connection)),
      frames,
    );
  }

  /** Ends the hub. @returns the connections that knew that they were in the room */
  close(): Connection[] {
    this.flush();
    clearTimeout(this.movedTimer);
    this.feed.close();
    const told = [...this.live, ...this.ahead.keys()];
    this.live.clear();
    this.ahead.clear();
    this.newcomers.clear();
    this.held = [];
    return told;
  }

  private deliver(entry: Entry): void {
    const change = membershipChange(entry);
    if (change?.member) this.options.joined(this, change.userId, entry.seq);
    if (change) this.count(Math.max(0, this.members + (change.member ? 1 : -1)));
    const json = entryToJson(entry);
    const frames = Frames.of('event', json);
    if (json.type === 'message.created') this.note(json);
    this.run.push({ entry, frames });
    if (this.newcomers.size > 0 && !this.isLarge) this.hold(entry.seq, frames);
    if (this.run.length === 1) queueMicrotask(() => this.flush());
    this.catchUp(entry.seq);
    if (change?.member === false) this.options.left(this, change.userId, entry.seq);
  }

  private note(message: MessageCreated): void {
    const { seq, at, threadSeq } = message;
    if (isInRoom(message)) this.lastMessage = { seq, at };
    if (threadSeq === undefined || !this.isLarge) return;
    // the newest at the end
    this.threads.delete(threadSeq);
    this.threads.add(threadSeq);
  }

  /** Those that hold this entry already go along from here. */
  private catchUp(seq: number): void {
    for (const [connection, after] of this.ahead) {
      if (seq < after) continue;
      this.flush();
      // the flush may have closed it
      if (this.ahead.delete(connection)) this.live.add(connection);
    }
  }

  private flush(): void {
    if (this.run.length === 0) return;
    const { run } = this;
    this.run = [];
    const frames = Frames.joined(run.map((said) => said.frames));
    if (this.isLarge) return this.flushLarge(run, frames);
    deliveries.inc(frames.packets.length * this.live.size);
    emitTo(this.live, frames);
  }

  private flushLarge(run: typeof this.run, all: Frames): void {
    const lookers = this.lookers();
    deliveries.inc(run.length * lookers.size);
    emitTo(lookers, all);
    for (const { entry, frames } of run) {
      const concerned = concernedBy(entry);
      const told =
        concerned === 'everybody'
          ? this.live
          : [...concerned].flatMap((id) => [...this.options.connectionsOf(id)]);
      for (const connection of told)
        if (this.live.has(connection) && !lookers.has(connection)) {
          deliveries.inc();
          connection.write(frames);
        }
    }
    const wait = Math.max(GATHER_MS, this.movedAt + MOVED_MS - performance.now());
    this.movedTimer ??= setTimeout(() => this.tellMoved(), wait).unref();
  }

  /** To those who do not look: by this they know that there is something, and where they have to begin. */
  private tellMoved(): void {
    this.flush();
    this.movedTimer = undefined;
    this.movedAt = performance.now();
    const lookers = this.lookers();
    const { roomId, lastMessage } = this;
    const threads = [...this.threads].slice(-MOVED_THREADS);
    this.threads.clear();
    const moved = Frames.of('room:moved', {
      roomId,
      lastSeq: this.feed.cursor,
      ...(lastMessage && { lastMessage }),
      ...(threads.length > 0 && { threads }),
    });
    emitTo(
      [...this.live].filter((connection) => !lookers.has(connection)),
      moved,
    );
  }

  private lookers(): ReadonlySet<Connection> {
    return new Set([...this.options.lookers()].filter((connection) => this.live.has(connection)));
  }

  private hold(seq: number, frames: Frames): void {
    this.held.push({ seq, frames });
    if (this.held.length <= MAX_HELD) return;
    this.held = [];
    this.heldAfter = seq;
  }

  private forgetHeld(): void {
    if (this.newcomers.size === 0) this.held = [];
  }

  /** Whether a connection was told that it is in the room. */
  isTold(connection: Connection): boolean {
    return this.live.has(connection) || this.ahead.has(connection);
  }
}
