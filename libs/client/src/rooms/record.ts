import type { Entry, RoomMoved, RoomOverview } from '@veche/protocol';
import { Source } from '../watchable';
import { withMove } from './fold';
import type { Look } from './look';
import type { MemberList } from './members';
import type { PinList } from './pins';
import type { ReadMarker } from './read-marker';
import type { ThreadWindow } from './thread';
import type { TimelineWindow } from './timeline';

/** One room as it is kept. */
export class RoomRecord {
  readonly source: Source<RoomOverview | undefined>;
  /** Undefined as long as the user is not a member, or the room's present state is not known. */
  overview?: RoomOverview;
  /** Whether the user is a member, as far as we were told. */
  expected = false;
  /** The number of its newest entry when the connection began. */
  told = 0;
  /** When it was left, in pages of the list of rooms: what those before it say is over. */
  leftAt = 0;
  /** How many changes of the user's own, other than reading on, are in the preferences that are kept here. */
  revision = 0;
  /** And how many were before the read mark that is. */
  markRevision = 0;
  /** Takes what was told of the user's own before the room's present state was known. */
  readonly early: (() => void)[] = [];
  /** Up to this number every entry is in what is kept here. */
  head = 0;
  /** Entries that came before those that precede them. */
  readonly ahead = new Map<number, Entry>();
  /** What was added since the present state was asked for. */
  recent?: Entry[];
  /** How far a large room is that is not looked at: nothing, where what is kept here goes as far. */
  moved?: RoomMoved;
  /** Whether somebody will look for the entries that are missing. */
  minding = false;
  /** Threads that were asked for, by the number of what they hang on. */
  readonly threads = new Map<number, ThreadWindow>();

  constructor(
    readonly id: string,
    readonly timeline: TimelineWindow,
    readonly members: MemberList,
    readonly pins: PinList,
    readonly marker: ReadMarker,
    readonly look: Look,
  ) {
    this.source = new Source(() => this.shown);
  }

  /** The overview, and what is known beyond its entries. */
  get shown(): RoomOverview | undefined {
    const { overview, moved, head } = this;
    return overview && moved && moved.lastSeq > head ? withMove(overview, moved, head) : overview;
  }

  /** The number of the newest entry that is known to be there. */
  get newest(): number {
    return Math.max(this.head, this.moved?.lastSeq ?? 0, ...this.ahead.keys());
  }

  /** When something was said that the overview does not have. */
  get heardAt(): string | undefined {
    return this.moved?.lastMessage && this.moved.lastMessage.seq > this.head
      ? this.moved.lastMessage.at
      : undefined;
  }

  clear(): void {
    this.overview = undefined;
    this.recent = undefined;
    this.expected = false;
    this.told = 0;
    this.moved = undefined;
    this.revision = 0;
    this.markRevision = 0;
    this.head = 0;
    this.ahead.clear();
    this.early.length = 0;
    this.timeline.clear();
    this.members.clear();
    this.pins.clear();
    for (const thread of this.threads.values()) thread.clear();
    this.marker.forget();
    this.source.changed();
  }
}
