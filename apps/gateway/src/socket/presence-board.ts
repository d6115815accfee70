import { Inject, Injectable, Logger } from '@nestjs/common';
import { PRESENCE } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { backoffMs } from '@veche/feed';
import type { Presence } from '@veche/protocol';
import type { CallContext, Client } from '@veche/rpc';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { v7 as uuid } from 'uuid';
import { presenceToJson } from '../presence/presence.wire';
import type { Connection } from './connection';

/** Users in one question. */
const AT_ONCE = 1_000;
/** How long what has changed waits for more. */
const GATHER_MS = 200;
const CALL_MS = 5_000;
/** Whoever is shown is looked up this often, whatever was told or got lost. */
const REFRESH_MS = 60_000;
/** How long the members of a large room who are here are given to others who enter it. */
const STALE_MS = 5_000;

/** Somebody who is shown somewhere. */
interface Shown {
  readonly watchers: Set<Connection>;
  readonly rooms: Set<string>;
  known?: Presence;
}

/** A room that is looked at. */
interface RoomPeople {
  readonly fetched: Promise<Presence[]>;
  fetchedAt: number;
  /** Undefined while they are fetched, and where they are too many to be told of. */
  members?: Set<string>;
  /** Who came or went while they were fetched. */
  readonly meanwhile: Map<string, boolean>;
}

export interface PresenceBoardOptions {
  /** Tells the watchers, and those who look at the rooms. */
  readonly tell: (presence: Presence, watchers: Iterable<Connection>, roomIds: Iterable<string>) => void;
}

/**
 * Those whose presence is shown to somebody here: watched by a connection, or a member of a small room that one looks at.
 * What it holds of them was read from chat after the last thing that was heard of them; what chat tells is only a reason to
 * read, so nothing can be overtaken, and who is not shown costs a look into a map.
 */
@Injectable()
export class PresenceBoard {
  private readonly log = new Logger('Presence');
  private readonly shown = new Map<string, Shown>();
  private readonly rooms = new Map<string, RoomPeople>();
  private readonly ofConnection = new Map<Connection, ReadonlySet<string>>();
  private readonly dirty = new Set<string>();
  private reading?: Promise<void> | undefined;
  private closed = false;
  private readonly refreshing = setInterval(() => this.refresh(), REFRESH_MS).unref();
  private tell: PresenceBoardOptions['tell'] = () => undefined;

  constructor(@Inject(PRESENCE.token) private readonly presence: Client<typeof PRESENCE.definition>) {}

  begin({ tell }: PresenceBoardOptions): void {
    this.tell = tell;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.refreshing);
  }

  /** From here on a connection is told of these, and of nobody else whom it watched. @returns how they are now */
  async watch(connection: Connection, userIds: readonly string[]): Promise<Presence[]> {
    if (!connection.open) return [];
    const wanted = new Set(userIds);
    const before = this.ofConnection.get(connection);
    this.ofConnection.set(connection, wanted);
    for (const userId of wanted) this.show(userId).watchers.add(connection);
    for (const userId of before ?? []) if (!wanted.has(userId)) this.unwatch(connection, userId);
    const unknown = [...wanted].filter((userId) => !this.shown.get(userId)?.known);
    if (unknown.length > 0) await this.readInTime(unknown);
    return [...wanted].flatMap((userId) => this.shown.get(userId)?.known ?? []);
  }

  /** The connection is gone. */
  remove(connection: Connection): void {
    for (const userId of this.ofConnection.get(connection) ?? []) this.unwatch(connection, userId);
    this.ofConnection.delete(connection);
  }

  /** A connection looks at a room. @returns which of its members are here, at most 200 */
  async enter(roomId: string): Promise<Presence[]> {
    const room = this.rooms.get(roomId);
    if (room?.members) return this.present(room.members);
    if (room && performance.now() - room.fetchedAt < STALE_MS) return room.fetched;
    const fetched = this.presence.listPresentMembers({ roomId }, asService());
    const made: RoomPeople = {
      fetched: fetched.then(({ presences }) => presences.map(presenceToJson)),
      fetchedAt: performance.now(),
      meanwhile: new Map(),
    };
    this.rooms.set(roomId, made);
    // it is awaited below, unless what it comes from has failed before
    made.fetched.catch(() => undefined);
    try {
      const { memberIds } = await fetched;
      const presences = await made.fetched;
      if (this.rooms.get(roomId) !== made || memberIds.length === 0) return presences;
      return this.showMembers(roomId, made, memberIds, presences);
    } catch (error) {
      if (this.rooms.get(roomId) === made) this.rooms.delete(roomId);
      throw error;
    }
  }

  /** Nobody here looks at a room any more. */
  leave(roomId: string): void {
    const room = this.rooms.get(roomId);
    this.rooms.delete(roomId);
    for (const userId of room?.members ?? []) this.hideIn(roomId, userId);
  }

  /** Somebody is a member of a room from here on, or is none any more. */
  memberChanged(roomId: string, userId: string, member: boolean): void {
    const room = this.rooms.get(roomId);
    if (!room) return;
    if (!room.members) return void room.meanwhile.set(userId, member);
    if (member) {
      room.members.add(userId);
      this.show(userId).rooms.add(roomId);
      this.changed([userId]);
    } else if (room.members.delete(userId)) this.hideIn(roomId, userId);
  }

  /** Something about these is newer than what was read. */
  changed(userIds: Iterable<string>): void {
    for (const userId of userIds) if (this.shown.has(userId)) this.dirty.add(userId);
    if (this.dirty.size > 0) void this.readSoon();
  }

  /** Something may have been missed. */
  refresh(): void {
    this.changed(this.shown.keys());
  }

  private showMembers(
    roomId: string,
    room: RoomPeople,
    memberIds: readonly string[],
    presences: readonly Presence[],
  ): Presence[] {
    room.members = new Set(memberIds);
    for (const [userId, member] of room.meanwhile)
      if (member) room.members.add(userId);
      else room.members.delete(userId);
    const known = new Map(presences.map((presence) => [presence.userId, presence]));
    for (const userId of room.members) {
      const shown = this.show(userId);
      shown.rooms.add(roomId);
      shown.known ??= known.get(userId);
    }
    // what was read with the members may be older than what was heard since
    this.changed(room.members);
    return this.present(room.members);
  }

  private present(userIds: Iterable<string>): Presence[] {
    return [...userIds].flatMap((userId) => {
      const known = this.shown.get(userId)?.known;
      return known && known.availability !== 'offline' ? known : [];
    });
  }

  /** @throws AppError `unavailable` where chat does not answer in time */
  private async readInTime(userIds: readonly string[]): Promise<void> {
    const answered = new AbortController();
    const late = pause(CALL_MS, true, { ref: false, signal: answered.signal }).catch(() => false);
    try {
      if (await Promise.race([this.read(userIds), late])) throw new AppError('unavailable');
    } finally {
      answered.abort();
    }
  }

  /** Resolves when all of these are known as they were at some time from now on. */
  private async read(userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) this.dirty.add(userId);
    await this.readSoon(0);
    // those that had no place in the reading that was under way
    while (!this.closed && userIds.some((userId) => this.shown.has(userId) && this.dirty.has(userId)))
      await this.readSoon(0);
  }

  private readSoon(afterMs = GATHER_MS): Promise<void> {
    return (this.reading ??= this.readDirty(afterMs).finally(() => {
      this.reading = undefined;
      if (this.dirty.size > 0 && !this.closed) void this.readSoon();
    }));
  }

  private async readDirty(afterMs: number): Promise<void> {
    if (afterMs > 0) await pause(afterMs, undefined, { ref: false });
    for (let failures = 0; this.dirty.size > 0 && !this.closed;) {
      const userIds = [...this.dirty].slice(0, AT_ONCE);
      for (const userId of userIds) this.dirty.delete(userId);
      const asked = userIds.filter((userId) => this.shown.has(userId));
      try {
        if (asked.length > 0)
          for (const presence of (await this.presence.describePresence({ userIds: asked }, asService()))
            .presences)
            this.take(presenceToJson(presence));
        failures = 0;
      } catch (error) {
        for (const userId of asked) this.dirty.add(userId);
        if (++failures === 1) this.log.warn(`cannot read who is here, trying again: ${String(error)}`);
        await pause(backoffMs(failures), undefined, { ref: false });
      }
    }
  }

  private take(presence: Presence): void {
    const shown = this.shown.get(presence.userId);
    if (!shown || isDeepStrictEqual(shown.known, presence)) return;
    const isNews = shown.known !== undefined || presence.availability !== 'offline';
    shown.known = presence;
    // whoever was told nothing of somebody takes them for off line
    if (isNews) this.tell(presence, shown.watchers, shown.rooms);
  }

  private show(userId: string): Shown {
    const shown = this.shown.get(userId) ?? { watchers: new Set(), rooms: new Set() };
    this.shown.set(userId, shown);
    return shown;
  }

  private unwatch(connection: Connection, userId: string): void {
    const shown = this.shown.get(userId);
    shown?.watchers.delete(connection);
    this.hide(userId, shown);
  }

  private hideIn(roomId: string, userId: string): void {
    const shown = this.shown.get(userId);
    shown?.rooms.delete(roomId);
    this.hide(userId, shown);
  }

  private hide(userId: string, shown: Shown | undefined): void {
    if (shown?.watchers.size === 0 && shown.rooms.size === 0) this.shown.delete(userId);
  }
}

const asService = (): CallContext => ({ requestId: uuid(), deadline: Date.now() + CALL_MS });
