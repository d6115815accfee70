import type { Entry, RoomOverview } from '@veche/protocol';
import { Source } from '../watchable';
import type { Look } from './look';
import type { MemberList } from './members';
import type { ReadMarker } from './read-marker';
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
  /** Up to this number every entry is in what is kept here. */
  head = 0;
  /** Entries that came before those that precede them. */
  readonly ahead = new Map<number, Entry>();
  /** What was added since the present state was asked for. */
  recent?: Entry[];
  /** Whether somebody will look for the entries that are missing. */
  minding = false;

  constructor(
    readonly id: string,
    readonly timeline: TimelineWindow,
    readonly members: MemberList,
    readonly marker: ReadMarker,
    readonly look: Look,
  ) {
    this.source = new Source(() => this.overview);
  }

  clear(): void {
    this.overview = undefined;
    this.recent = undefined;
    this.expected = false;
    this.told = 0;
    this.head = 0;
    this.ahead.clear();
    this.timeline.clear();
    this.members.clear();
    this.source.changed();
  }
}
