import type { Entry, SubscribeResponse } from '@veche/contracts';
import { Subject } from 'rxjs';
import { entrantOf } from './entry.wire';

/** Somebody in this process who hears of some rooms, and of how some users come into others. */
export class Listener {
  readonly heard = new Subject<SubscribeResponse>();
  readonly rooms = new Set<string>();
  readonly users = new Set<string>();
}

type Index = Map<string, Set<Listener>>;

/** Which of the ids nobody had named before. */
const enter = (index: Index, ids: Iterable<string>, own: Set<string>, listener: Listener): string[] => {
  const first: string[] = [];
  for (const id of ids) {
    if (own.has(id)) continue;
    own.add(id);
    const listeners = index.get(id);
    if (listeners) listeners.add(listener);
    else {
      index.set(id, new Set([listener]));
      first.push(id);
    }
  }
  return first;
};

/** Which of the ids nobody names any more. */
const leave = (index: Index, ids: Iterable<string>, own: Set<string>, listener: Listener): string[] => {
  const last: string[] = [];
  for (const id of ids) {
    const listeners = index.get(id);
    if (!own.delete(id) || !listeners?.delete(listener) || listeners.size > 0) continue;
    index.delete(id);
    last.push(id);
  }
  return last;
};

/**
 * Who in this process hears of what. What is told costs those who listen to its room, however many others listen to
 * other rooms.
 */
export class Audience {
  private readonly listeners = new Set<Listener>();
  private readonly ofRoom: Index = new Map();
  private readonly ofUser: Index = new Map();
  private closed = false;

  /** Hears of nothing yet; once this process stops, of nothing any more: then it is complete. */
  open(): Listener {
    const listener = new Listener();
    if (this.closed) listener.heard.complete();
    else this.listeners.add(listener);
    return listener;
  }

  /** @returns those of the rooms that nobody here listens to any more */
  remove(listener: Listener): string[] {
    this.listeners.delete(listener);
    this.removeUsers(listener, [...listener.users]);
    return this.removeRooms(listener, [...listener.rooms]);
  }

  /** @returns those of the rooms that nobody here has listened to before */
  addRooms(listener: Listener, roomIds: Iterable<string>): string[] {
    return this.listeners.has(listener) ? enter(this.ofRoom, roomIds, listener.rooms, listener) : [];
  }

  /** @returns those of the rooms that nobody here listens to any more */
  removeRooms(listener: Listener, roomIds: Iterable<string>): string[] {
    return leave(this.ofRoom, roomIds, listener.rooms, listener);
  }

  addUsers(listener: Listener, userIds: Iterable<string>): void {
    if (this.listeners.has(listener)) enter(this.ofUser, userIds, listener.users, listener);
  }

  removeUsers(listener: Listener, userIds: Iterable<string>): void {
    leave(this.ofUser, userIds, listener.users, listener);
  }

  hasRoom(roomId: string): boolean {
    return this.ofRoom.has(roomId);
  }

  hasUser(userId: string): boolean {
    return this.ofUser.has(userId);
  }

  tell(delivery: SubscribeResponse): void {
    const { body } = delivery;
    switch (body?.$case) {
      case 'entries':
        return this.tellEntries(body.value.entries, delivery);
      case 'readMark':
      case 'typing':
      case 'roomPreferencesChanged':
      case 'threadMarked':
      case 'roomDeleted':
        // who hears it may leave
        for (const { heard } of [...(this.ofRoom.get(body.value.roomId) ?? [])]) heard.next(delivery);
        return;
      case 'preferencesChanged':
      case 'invitationChanged':
        for (const { heard } of [...(this.ofUser.get(body.value.userId) ?? [])]) heard.next(delivery);
        return;
      case 'presenceChanged':
      case 'resync':
        for (const { heard } of [...this.listeners]) heard.next(delivery);
        return;
      case 'serving': // an answer to one of them
      case undefined:
    }
  }

  close(): void {
    this.closed = true;
    for (const { heard } of this.listeners) heard.complete();
  }

  /** To each its share, in the order of the batch. */
  private tellEntries(entries: readonly Entry[], all: SubscribeResponse): void {
    const shares = new Map<Listener, Entry[]>();
    const give = (listener: Listener, entry: Entry): void => {
      const share = shares.get(listener);
      if (share) share.push(entry);
      else shares.set(listener, [entry]);
    };
    for (const entry of entries) {
      const inRoom = this.ofRoom.get(entry.roomId);
      for (const listener of inRoom ?? []) give(listener, entry);
      const entrant = this.ofUser.size > 0 ? entrantOf(entry) : undefined;
      if (entrant === undefined) continue;
      for (const listener of this.ofUser.get(entrant) ?? [])
        if (!inRoom?.has(listener)) give(listener, entry);
    }
    for (const [{ heard }, share] of shares)
      heard.next(
        share.length === entries.length
          ? all
          : { ...all, body: { $case: 'entries', value: { entries: share } } },
      );
  }
}
