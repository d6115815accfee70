import {
  calls,
  type Entry,
  isInRoom,
  type LogPage,
  MAX_SYNC_ROOMS,
  type MessageCreated,
  type MoreRooms,
  type ReadMark,
  type Ready,
  type Refusal,
  type Room as RoomData,
  type RoomMoved,
  type RoomOverview,
  type RoomPreferences,
  type Typing,
} from '@veche/protocol';
import { backOff } from '../backoff';
import type { Connection } from '../connection';
import { asVecheError } from '../errors';
import type { Api } from '../rest/api';
import { Source } from '../watchable';
import { foldOverview, makesStale, recounts } from './fold';
import { RoomOrder } from './order';
import type { RoomRecord } from './record';

/** What is read entry by entry; who missed more of a room begins anew with its present state. */
const MAX_GAP = 5_000;
/** Rooms asked for in one `sync`: what an answer holds is shared among them. */
const SYNC_ROOMS = Math.min(20, MAX_SYNC_ROOMS);
/** Rooms in a page of the list, and in one that is asked for because of a few. */
const MANY_ROOMS = 200;
const FEW_ROOMS = 20;
/** How long the acknowledgement of a message may be ahead of the entries before it. */
const OVERTAKING_MS = 2_000;

/** The rooms of the user. */
export interface RoomList {
  /** Whether the server has told them; an empty list before that says nothing. */
  readonly loaded: boolean;
  /** The one with the newest message first. */
  readonly items: readonly RoomOverview[];
}

/** The preferences of a room alone, what was never changed too. */
const preferencesOf = (of: RoomPreferences): RoomPreferences => ({
  level: of.level,
  muted: of.muted,
  mutedUntil: of.mutedUntil,
  favourite: of.favourite,
  hiddenSeq: of.hiddenSeq,
  revision: of.revision,
});

export interface RoomsOptions {
  readonly api: Api;
  readonly connection: () => Connection;
  /** Makes what keeps one room. */
  readonly record: (roomId: string) => RoomRecord;
  readonly entered: (entry: Entry) => void;
  readonly added: (room: RoomOverview) => void;
  readonly removed: (roomId: string) => void;
  /** More was missed of a room than is told entry by entry. */
  readonly skipped: (roomId: string) => void;
  /** Entries have gone into a room's state without being told: what was fetched before lacks them. */
  readonly passedOver: () => void;
}

/**
 * Keeps the rooms of the user as the server has them: a snapshot by REST, then every entry of every room's log in
 * its order, then after each new connection what was missed. Whatever gets lost on the way is noticed by its number.
 */
export class Rooms {
  readonly source: Source<RoomList>;
  readonly records = new Map<string, RoomRecord>();
  private me = '';
  /** Connections so far: what was begun for an older one is given up. */
  private connection = 0;
  private refreshing = false;
  /** Pages of the list that were asked for so far. */
  private asked = 0;
  /** Rooms whose present state is to be asked for, and how many pages had been asked for when that was found. */
  private readonly wanted = new Map<string, number>();
  private readonly order = new RoomOrder(
    (id) => this.records.get(id)?.shown,
    (id) => this.records.get(id)?.heardAt,
  );
  /** Rooms whose present state is not what their entries lead to. */
  private readonly lost = new Set<string>();
  private readonly catching = new Set<string>();
  private known = false;
  /** The rooms that this connection was told so far. */
  private told = new Set<string>();

  constructor(private readonly options: RoomsOptions) {
    this.source = new Source(() => ({ loaded: this.known, items: this.order.get() }));
  }

  get userId(): string {
    return this.me;
  }

  record(roomId: string): RoomRecord {
    let record = this.records.get(roomId);
    if (!record) this.records.set(roomId, (record = this.options.record(roomId)));
    return record;
  }

  /** A connection begins. */
  begin(ready: Ready): void {
    this.connection++;
    this.catching.clear();
    this.me = ready.userId;
    this.told = new Set();
    this.beginMore(ready);
  }

  /** A connection is told a part of its rooms, or the last of them. */
  beginMore({ rooms, more }: MoreRooms): void {
    const behind: string[] = [];
    for (const { id, lastSeq, readSeq, mentions: _counted, ...preferences } of rooms) {
      this.told.add(id);
      const record = this.record(id);
      record.expected = true;
      record.told = lastSeq;
      if (!record.overview) this.want(id);
      else if (lastSeq < record.head || lastSeq - record.head > MAX_GAP) {
        this.lost.add(id);
        this.want(id);
      } else if (lastSeq > record.head) behind.push(id);
      if (record.overview) {
        const { revision = 0 } = preferences;
        this.takeOwnMark(record, readSeq, revision);
        record.marker.begin(readSeq, revision);
        this.takePreferences(record, preferences);
      }
      void record.members.refresh();
      void record.pins.begin();
      for (const thread of record.threads.values()) void thread.refresh();
      void record.timeline.begin();
      record.look.begin();
    }
    if (!more)
      for (const record of this.records.values())
        if (record.expected && !this.told.has(record.id)) this.forget(record.id);
    if (!this.known || this.wanted.size > 0) this.refresh();
    void this.catchUp(behind);
  }

  /** An entry, from wherever. */
  take(entry: Entry): void {
    const record = this.records.get(entry.roomId);
    // of a room that was left meanwhile
    if (!record?.expected || (record.overview && entry.seq <= record.head)) return;
    record.ahead.set(entry.seq, entry);
    this.drain(record);
    if (record.ahead.size > 0 && record.overview) this.mindGap(record);
  }

  /** A large room is so far by now, of which not everything is told. */
  takeMoved({ roomId, lastSeq, lastMessage }: RoomMoved): void {
    const record = this.records.get(roomId);
    if (!record?.expected || lastSeq <= record.head) return;
    // what one has said oneself is nothing unread
    const isOwn = lastMessage && record.ahead.get(lastMessage.seq)?.actorId === this.me;
    record.moved = { roomId, lastSeq, ...(lastMessage && !isOwn && { lastMessage }) };
    this.changed(record);
    if (record.look.isOn || record.timeline.source.isWatched) this.catchUpWith(record);
  }

  /** A room is looked at from here on. @param page what follows what was held */
  takeEntered(record: RoomRecord, held: number, page: LogPage): void {
    if (held > 0 && record.overview && !this.takePage(record.id, held, page)) {
      record.moved = { roomId: record.id, lastSeq: page.lastSeq };
      this.catchUpWith(record);
    }
  }

  takeMark(mark: ReadMark): void {
    const record = this.records.get(mark.roomId);
    if (!record) return;
    record.members.take(mark);
    if (mark.userId === this.me) this.takeOwnMark(record, mark.seq, mark.revision ?? 0);
  }

  /** What the user has changed of how they want to have a room. */
  prefer(roomId: string, preferences: RoomPreferences): void {
    const record = this.records.get(roomId);
    if (record) this.takePreferences(record, preferences);
  }

  takeTyping({ roomId, userId, on }: Typing): void {
    this.records.get(roomId)?.look.take(userId, on);
  }

  add(room: RoomData): void {
    this.record(room.id).expected = true;
    // who looked at it before was told nothing of it
    this.record(room.id).look.begin();
    this.want(room.id);
    this.refresh();
  }

  remove(roomId: string): void {
    if (this.records.has(roomId)) this.forget(roomId);
  }

  /** The user has read up to there. */
  read(record: RoomRecord, seq: number): void {
    if (record.overview && seq > record.overview.readSeq) this.moveMark(record, seq);
  }

  /** A mark that the server has: the newer one is true, also where it was put back. */
  private takeOwnMark(record: RoomRecord, seq: number, revision: number): void {
    if (!record.overview) return void record.early.push(() => this.takeOwnMark(record, seq, revision));
    if (revision < record.markRevision) return;
    if (revision === record.markRevision) return this.read(record, seq);
    record.markRevision = revision;
    record.marker.takeBack(seq, revision);
    record.overview = { ...record.overview, revision: Math.max(record.revision, revision) };
    if (seq === record.overview.readSeq) this.changed(record);
    else this.moveMark(record, seq);
  }

  private takePreferences(record: RoomRecord, preferences: RoomPreferences): void {
    const { revision = 0 } = preferences;
    const room = record.overview;
    if (!room) return void record.early.push(() => this.takePreferences(record, preferences));
    if (revision <= record.revision) return;
    record.revision = revision;
    record.overview = {
      ...room,
      ...preferencesOf(preferences),
      revision: Math.max(revision, record.markRevision),
    };
    this.changed(record);
  }

  private moveMark(record: RoomRecord, seq: number): void {
    const room = record.overview;
    if (!room) return;
    const counted = this.countAfter(record, seq);
    record.overview = { ...room, readSeq: seq, ...counted };
    this.changed(record);
    if (counted) return;
    this.want(record.id);
    this.refresh();
  }

  private want(id: string): void {
    this.wanted.set(id, this.asked);
    this.record(id).recent ??= [];
  }

  /** Asks for the present state of the rooms that it is wanted of. */
  private refresh(): void {
    if (this.refreshing) return;
    this.refreshing = true;
    void this.refreshUntilTrue();
  }

  private async refreshUntilTrue(): Promise<void> {
    try {
      for (let failures = 0; ;) {
        const { connection, asked } = this;
        try {
          await this.fetchOverviews();
          if (this.wanted.size === 0) return;
          // rooms move between the pages of the list while it is read
          failures = [...this.wanted.values()].some((since) => since <= asked) ? 1 : 0;
        } catch {
          failures++;
        }
        if (failures > 0) {
          await backOff(failures);
          // the next connection asks again if it has to; where there is one by now, it has asked us
          if (!this.options.connection().online && connection === this.connection) return;
        }
      }
    } finally {
      // not a turn later: a wish in between would be nobody's
      this.refreshing = false;
    }
  }

  /** Reads the list of rooms: all of it once, and then as far as what is wanted of it goes. What is new is at its top. */
  private async fetchOverviews(): Promise<void> {
    await Promise.all([...this.wanted.keys()].map((id) => this.record(id).marker.flush()));
    let cursor: string | undefined;
    do {
      const asked = ++this.asked;
      const few = this.known && cursor === undefined && 2 * this.wanted.size < FEW_ROOMS;
      const page = await this.options.api.rooms.list({ limit: few ? FEW_ROOMS : MANY_ROOMS, cursor });
      await this.takeOverviews(page.items, asked);
      cursor = page.nextCursor;
    } while (cursor !== undefined && (!this.known || this.wanted.size > 0));
    this.known = true;
    this.source.changed();
  }

  /** @param asked the number of their page */
  private async takeOverviews(overviews: readonly RoomOverview[], asked: number): Promise<void> {
    const isDue = ({ id }: RoomOverview): boolean => {
      const record = this.records.get(id);
      const since = this.wanted.get(id);
      if (record?.overview) return since !== undefined && since < asked;
      // one that was left meanwhile is in a page from before
      return !record || record.leftAt < asked;
    };
    const isBehind = ({ id, lastSeq }: RoomOverview): boolean => {
      const record = this.records.get(id);
      return record?.overview !== undefined && !this.lost.has(id) && lastSeq > record.head;
    };
    const behind = overviews.filter((overview) => isDue(overview) && isBehind(overview));
    if (behind.length > 0) await this.catchUp(behind.map(({ id }) => id));
    for (const overview of overviews) if (isDue(overview)) this.takeOverview(overview);
  }

  private takeOverview(overview: RoomOverview): void {
    const { id, lastSeq } = overview;
    const record = this.record(id);
    record.expected = true;
    const isNew = record.overview === undefined;
    const { revision = 0 } = overview;
    if (isNew || this.lost.has(id)) {
      this.wanted.delete(id);
      record.revision = record.markRevision = revision;
      record.marker.takeBack(overview.readSeq, revision);
      record.head = lastSeq;
      record.overview = overview;
      for (const seq of record.ahead.keys()) if (seq <= lastSeq) record.ahead.delete(seq);
      const isLost = this.lost.delete(id);
      if (isLost) {
        this.options.skipped(id);
        void record.timeline.refresh();
      }
      // what was fetched before hears nothing of the entries up to here
      if (isLost || lastSeq > record.told) {
        this.options.passedOver();
        void record.members.refresh();
        void record.pins.refresh();
        for (const thread of record.threads.values()) void thread.refresh();
      }
      record.recent = undefined;
      for (const take of record.early.splice(0)) take();
      this.changed(record);
      this.drain(record);
      void record.timeline.begin();
      void record.members.begin();
      void record.pins.begin();
      for (const thread of record.threads.values()) void thread.begin();
      if (isNew) this.options.added(overview);
      // the page may be older than what the connection began with
      if (record.told > record.head) void this.catchUp([id]);
      return;
    }
    // entries that came while it was read, and that it does not know
    const recent = record.recent ?? [];
    const before = record.overview;
    if (!before || record.head < lastSeq || (recent[0] && recent[0].seq > lastSeq + 1)) return this.want(id);
    this.wanted.delete(id);
    const newer = recent.filter(({ seq }) => seq > lastSeq);
    const present = newer.reduce((room, entry) => foldOverview(room, entry, this.me), overview);
    record.recent = undefined;
    // what the page knows less of than what was here stays
    record.overview = { ...present, ...(revision < record.revision && preferencesOf(before)) };
    if (revision < record.markRevision) record.overview.revision = before.revision;
    record.revision = Math.max(record.revision, revision);
    if (revision <= record.markRevision) this.keepMark(record, before.readSeq, revision);
    else {
      record.markRevision = revision;
      record.marker.takeBack(overview.readSeq, revision);
    }
    if (newer.some((entry) => recounts(present, entry, this.me))) this.countAgain(record);
    this.changed(record);
  }

  /** Brings a room to what is known to be there. */
  private catchUpWith(record: RoomRecord): void {
    if (!record.overview || record.newest - record.head <= MAX_GAP) return void this.catchUp([record.id]);
    this.lost.add(record.id);
    this.want(record.id);
    this.refresh();
  }

  /** The mark that was here before a page, which has another one. */
  private keepMark(record: RoomRecord, seq: number, revision: number): void {
    const isOlder = revision < record.markRevision;
    if (isOlder && record.overview && seq !== record.overview.readSeq) this.moveMark(record, seq);
    else this.read(record, seq);
  }

  /** Reads what follows what is held, until it is whole. */
  private async catchUp(roomIds: readonly string[]): Promise<void> {
    const { connection } = this;
    let left = roomIds.filter((id) => !this.catching.has(id));
    for (const id of left) this.catching.add(id);
    for (let failures = 0; left.length > 0 && connection === this.connection;) {
      const asked = left.slice(0, SYNC_ROOMS);
      const held = asked.map((id) => [id, this.record(id).head] as const);
      try {
        const { rooms } = await this.options.connection().call('sync', { rooms: Object.fromEntries(held) });
        if (connection !== this.connection) return;
        failures = 0;
        const done = new Set(
          held.filter(([id, head]) => this.takePage(id, head, rooms[id])).map(([id]) => id),
        );
        for (const id of done) this.catching.delete(id);
        // those that are not whole yet go to the end of the queue
        left = [...left.slice(asked.length), ...asked.filter((id) => !done.has(id))];
      } catch (error) {
        if (asVecheError(error).code === 'unreachable' && !this.options.connection().online) break;
        await backOff(++failures);
      }
    }
    if (connection === this.connection) for (const id of left) this.catching.delete(id);
  }

  /** @returns whether there is nothing more to ask for */
  private takePage(id: string, held: number, page: LogPage | { error: Refusal } | undefined): boolean {
    const record = this.record(id);
    if (!page) return true;
    if ('error' in page) {
      if (['not_a_member', 'room_not_found'].includes(page.error.code)) this.forget(id);
      return !['overloaded', 'unavailable', 'deadline_exceeded'].includes(page.error.code);
    }
    for (const entry of page.events) this.take(entry);
    if (page.complete) return true;
    // others of the same answer may have left no room for this one
    if (page.lastSeq >= held) return false;
    // what is held is of a log that is no more
    this.lost.add(id);
    record.timeline.clear();
    this.want(id);
    this.refresh();
    return true;
  }

  private drain(record: RoomRecord): void {
    for (;;) {
      const entry = record.ahead.get(record.head + 1);
      if (!entry || !record.overview) break;
      record.ahead.delete(entry.seq);
      record.head = entry.seq;
      record.overview = foldOverview(record.overview, entry, this.me);
      record.recent?.push(entry);
      record.members.take(entry);
      record.pins.take(entry);
      for (const thread of record.threads.values()) thread.take(entry);
      if (entry.type === 'message.created') record.look.take(entry.actorId, false);
      record.timeline.append(entry);
      if (recounts(record.overview, entry, this.me)) this.countAgain(record);
      this.mindStale(record, entry);
      this.changed(record);
      this.options.entered(entry);
    }
  }

  private mindStale(record: RoomRecord, entry: Entry): void {
    const { lastMessage } = record.overview ?? {};
    if (!lastMessage || !makesStale(lastMessage, entry)) return;
    this.want(record.id);
    this.refresh();
  }

  /** The answer to a message overtakes entries that are on their way; nothing else comes out of turn. */
  private mindGap(record: RoomRecord): void {
    if (record.minding || this.catching.has(record.id)) return;
    record.minding = true;
    setTimeout(
      () => {
        record.minding = false;
        for (const seq of record.ahead.keys()) if (seq <= record.head) record.ahead.delete(seq);
        if (record.ahead.size > 0 && this.options.connection().online) this.catchUpWith(record);
        // everybody in a large room may be called at once
      },
      OVERTAKING_MS * (1 + Math.random()),
    );
  }

  /** What is unread after a number; undefined where that is not known here. */
  private countAfter(
    record: RoomRecord,
    seq: number,
  ): Pick<RoomOverview, 'unread' | 'mentions' | 'unreadMore'> | undefined {
    if (seq >= record.head) return { unread: 0, mentions: 0, unreadMore: undefined };
    const isUnread = (e: Entry): e is MessageCreated =>
      e.type === 'message.created' && e.actorId !== this.me && e.deletedAt === undefined;
    const unread = record.timeline.countAfter(seq, (e) => isUnread(e) && isInRoom(e));
    const mentions = record.timeline.countAfter(seq, (e) => isUnread(e) && calls(e, this.me));
    return unread === undefined || mentions === undefined
      ? undefined
      : { unread, mentions, unreadMore: undefined };
  }

  /** What was deleted is not unread any more, and an edit may call. Where it is not known how much, the server is asked. */
  private countAgain(record: RoomRecord): void {
    const room = record.overview;
    if (!room) return;
    const counted = this.countAfter(record, room.readSeq);
    if (!counted) {
      this.want(record.id);
      return this.refresh();
    }
    record.overview = { ...room, ...counted };
    this.changed(record);
  }

  private forget(roomId: string): void {
    const record = this.records.get(roomId);
    if (!record) return;
    const was = record.overview !== undefined;
    record.clear();
    record.leftAt = this.asked;
    this.lost.delete(roomId);
    this.wanted.delete(roomId);
    this.order.change(roomId);
    this.source.changed();
    if (was) this.options.removed(roomId);
  }

  private changed(record: RoomRecord): void {
    record.source.changed();
    this.order.change(record.id);
    this.source.changed();
  }
}
