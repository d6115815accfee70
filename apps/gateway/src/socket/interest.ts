import { Injectable } from '@nestjs/common';
import type { SubscribeRequest } from '@veche/contracts';
import { Observable, type Subscriber } from 'rxjs';

/** Ids of one kind in one request. */
const AT_ONCE = 1_000;

/** Ids of one kind that chat is to know, and those that it knows. */
class Known {
  private readonly wanted = new Set<string>();
  private readonly told = new Set<string>();
  /** Known ones that chat is to be told once more. */
  private readonly again = new Set<string>();
  /** Those that may be in one of the two and not in the other, or are to be told once more. */
  private readonly changed = new Set<string>();

  add(id: string): void {
    this.wanted.add(id);
    this.changed.add(id);
  }

  delete(id: string): void {
    this.wanted.delete(id);
    this.changed.add(id);
  }

  isTold(id: string): boolean {
    return this.told.has(id);
  }

  /** Chat is to be told once more of what it knows. */
  renew(): void {
    for (const id of this.told) {
      this.again.add(id);
      this.changed.add(id);
    }
  }

  /** Chat knows nothing any more. */
  forget(): void {
    this.told.clear();
    this.changed.clear();
    this.again.clear();
    for (const id of this.wanted) this.changed.add(id);
  }

  get isPending(): boolean {
    return this.changed.size > 0;
  }

  /** What to tell next; it counts as told. */
  next(): { add: string[]; remove: string[] } {
    const [add, remove]: [string[], string[]] = [[], []];
    for (const id of this.changed) {
      if (add.length + remove.length === AT_ONCE) break;
      this.changed.delete(id);
      const isAgain = this.again.delete(id) && this.wanted.has(id) && this.told.has(id);
      if (isAgain) add.push(id);
      if (this.wanted.has(id) === this.told.has(id)) continue;
      if (this.told.delete(id)) remove.push(id);
      else add.push(id);
    }
    for (const id of add) this.told.add(id);
    return { add, remove };
  }
}

/**
 * Tells chat which rooms and users this process serves, as that changes: one request at a time, the next with
 * everything that has changed meanwhile, and all of it anew where a stream begins.
 */
@Injectable()
export class Interest {
  private readonly rooms = new Known();
  private readonly users = new Known();
  private stream?: Subscriber<SubscribeRequest> | undefined;
  private underWay = false;
  /** Those whom the request under way adds. */
  private asked: ReadonlySet<string> = new Set();

  /** What is to be told over one stream. Only one at a time is followed. */
  requests(): Observable<SubscribeRequest> {
    return new Observable((stream) => {
      this.stream = stream;
      this.underWay = false;
      this.asked = new Set();
      this.rooms.forget();
      this.users.forget();
      this.send();
      return () => {
        if (this.stream === stream) this.stream = undefined;
      };
    });
  }

  addRoom(roomId: string): void {
    this.rooms.add(roomId);
    this.soon();
  }

  removeRoom(roomId: string): void {
    this.rooms.delete(roomId);
    this.soon();
  }

  /** Asks chat where the rooms end that it knows. */
  renewRooms(): void {
    this.rooms.renew();
    this.soon();
  }

  addUser(userId: string): void {
    this.users.add(userId);
    this.soon();
  }

  removeUser(userId: string): void {
    this.users.delete(userId);
    this.soon();
  }

  /** Whether we hear how this user comes into rooms. */
  hasUser(userId: string): boolean {
    return this.stream !== undefined && this.users.isTold(userId) && !this.asked.has(userId);
  }

  /** Chat has taken the last request. @returns the users of whom we hear from here on */
  taken(): Iterable<string> {
    const users = this.asked;
    this.underWay = false;
    this.asked = new Set();
    this.send();
    return users;
  }

  /** What changes in one turn goes together. */
  private soon(): void {
    if (!this.underWay) queueMicrotask(() => this.send());
  }

  private send(): void {
    if (!this.stream || this.underWay || !(this.rooms.isPending || this.users.isPending)) return;
    const rooms = this.rooms.next();
    const users = this.users.next();
    const request = {
      addRooms: rooms.add,
      removeRooms: rooms.remove,
      addUsers: users.add,
      removeUsers: users.remove,
    };
    // nothing, where what had changed is as it was
    if (Object.values(request).every((ids) => ids.length === 0)) return;
    this.underWay = true;
    this.asked = new Set(users.add);
    this.stream.next(request);
  }
}
