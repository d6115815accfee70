import type { Entry } from '@veche/contracts';
import { RoomFeed, type RoomFeedOptions } from '@veche/feed';
import { entryToJson } from '../entries/entry.wire';
import type { Connection } from './connection';
import { emitTo, Frames } from './frames';
import { membershipChange } from './membership-change';

/** What may gather for connections that are still being told about the room. */
const MAX_HELD = 500;

/** Connections of one user that have just come into the room, and what they get after they were told so. */
export class Announcement {
  private held: Frames[] = [];
  private packets = 0;

  constructor(readonly connections: Set<Connection>) {}

  /** @returns how many events are held */
  hold(frames: Frames): number {
    this.held.push(frames);
    return (this.packets += frames.packets.length);
  }

  after(greeting: Frames): Frames {
    return Frames.joined([greeting, ...this.held]);
  }
}

export interface RoomHubOptions extends Pick<RoomFeedOptions<Entry>, 'after' | 'fetch' | 'refused'> {
  readonly roomId: string;
  /** A member comes in with the entry that is about to be delivered. */
  joined(hub: RoomHub, userId: string): void;
  /** A member has gone with the entry that was delivered just now. */
  left(hub: RoomHub, userId: string, seq: number): void;
}

/**
 * A room that somebody here is a member of: its feed, and the connections that its entries go to. Entries change
 * the membership in their own order, so nobody gets an entry after the one that removed them.
 */
export class RoomHub {
  readonly roomId: string;
  readonly feed: RoomFeed<Entry>;
  private readonly live = new Set<Connection>();
  /** Connections that know more than the feed has reached: they get what follows their number. */
  private readonly ahead = new Map<Connection, number>();
  private readonly announcements = new Set<Announcement>();
  /** What was delivered in this turn, and leaves together: to be written before anything else changes here. */
  private run: Frames[] = [];

  constructor(private readonly options: RoomHubOptions) {
    this.roomId = options.roomId;
    this.feed = new RoomFeed({ ...options, emit: (entry) => this.deliver(entry) });
  }

  get empty(): boolean {
    return this.live.size + this.ahead.size + this.announcements.size === 0;
  }

  has(connection: Connection): boolean {
    return this.isTold(connection) || this.announcementOf(connection) !== undefined;
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
    const announcement = this.announcementOf(connection);
    announcement?.connections.delete(connection);
    if (announcement?.connections.size === 0) this.announcements.delete(announcement);
    const live = this.live.delete(connection);
    return this.ahead.delete(connection) || live;
  }

  /** Holds what follows for these connections until {@link admit}. */
  announce(connections: Iterable<Connection>): Announcement {
    this.flush();
    const announcement = new Announcement(new Set(connections));
    this.announcements.add(announcement);
    return announcement;
  }

  isOpen(announcement: Announcement): boolean {
    return this.announcements.has(announcement);
  }

  /** Tells the connections of an announcement that they are in the room, and everything since. */
  admit(announcement: Announcement, greeting: Frames): void {
    this.flush();
    this.announcements.delete(announcement);
    for (const connection of announcement.connections) this.live.add(connection);
    emitTo(announcement.connections, announcement.after(greeting));
  }

  /** Something that is not part of the log, for everybody here, or for some of them. */
  tell(frames: Frames, only?: Iterable<Connection>): void {
    this.flush();
    const wanted = only && new Set(only);
    for (const connection of wanted ?? [...this.live, ...this.ahead.keys()])
      if (!wanted || this.isTold(connection)) connection.write(frames);
    for (const announcement of this.announcements)
      if (!wanted || [...announcement.connections].some((c) => wanted.has(c)))
        this.hold(announcement, frames);
  }

  /** Ends the hub. @returns the connections that knew that they were in the room */
  close(): Connection[] {
    this.flush();
    this.feed.close();
    const told = [...this.live, ...this.ahead.keys()];
    this.live.clear();
    this.ahead.clear();
    this.announcements.clear();
    return told;
  }

  private deliver(entry: Entry): void {
    const change = membershipChange(entry);
    if (change?.member) this.options.joined(this, change.userId);
    this.run.push(Frames.of('event', entryToJson(entry)));
    if (this.run.length === 1) queueMicrotask(() => this.flush());
    this.catchUp(entry.seq);
    if (change?.member === false) this.options.left(this, change.userId, entry.seq);
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
    const frames = Frames.joined(this.run);
    this.run = [];
    emitTo(this.live, frames);
    for (const announcement of this.announcements) this.hold(announcement, frames);
  }

  private hold(announcement: Announcement, frames: Frames): void {
    if (announcement.hold(frames) <= MAX_HELD) return;
    this.announcements.delete(announcement);
    for (const connection of announcement.connections) connection.reset();
  }

  private isTold(connection: Connection): boolean {
    return this.live.has(connection) || this.ahead.has(connection);
  }

  private announcementOf(connection: Connection): Announcement | undefined {
    for (const announcement of this.announcements)
      if (announcement.connections.has(connection)) return announcement;
    return undefined;
  }
}
