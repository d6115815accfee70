import type { Provider } from '@nestjs/common';
import {
  DELIVERY,
  type Entry,
  type Membership,
  MESSAGES,
  PINS,
  THREADS,
  PRESENCE,
  REACTIONS,
  type Room,
  RoomKind,
  RoomRole,
  MEMBERS,
  ROOMS,
  type SubscribeRequest,
  type SubscribeResponse,
} from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { CallContext, Client } from '@veche/rpc';
import { setTimeout as pause } from 'node:timers/promises';
import { concatMap, Observable, type Subscriber } from 'rxjs';
import { v7 as uuid } from 'uuid';

interface StoredRoom {
  readonly id: string;
  readonly entries: Entry[];
  /** How far each member has read. */
  readonly members: Map<string, number>;
}

/** A gateway that listens, and what it has said that it serves. */
interface Stream {
  readonly subscriber: Subscriber<SubscribeResponse>;
  readonly rooms: Set<string>;
  readonly users: Set<string>;
}

export interface Faults {
  /** Probabilities for each message on its way to a subscriber. */
  loss: number;
  repeat: number;
  /** The probability that a call fails with `unavailable`. */
  failure: number;
  /** The most that a message or an answer takes, in milliseconds. */
  delay: number;
}

/**
 * Stands in for chat: rooms in memory, and a stream that loses, repeats and reorders on purpose. What it answers
 * was true when it was read, and arrives later.
 */
export class UnreliableChat {
  readonly rooms = new Map<string, StoredRoom>();
  faults: Faults = { loss: 0, repeat: 0, failure: 0, delay: 0 };
  calls: { method: string; request: unknown; context: CallContext }[] = [];
  private readonly held = new Map<string, Promise<void>>();
  private readonly streams = new Set<Stream>();

  /**
   * @param userOf the user behind a call's token
   * @param random between 0 and 1
   */
  constructor(
    private readonly userOf: (token: string | undefined) => string,
    private readonly random: () => number = Math.random,
  ) {}

  /** A new room; its creator is its first member. */
  create(creator: string, ...members: string[]): StoredRoom {
    const room: StoredRoom = { id: uuid(), entries: [], members: new Map() };
    this.rooms.set(room.id, room);
    this.append(room, creator, { $case: 'roomCreated', value: {} });
    for (const userId of members) this.join(room, userId);
    return room;
  }

  join(room: StoredRoom, userId: string): Entry | undefined {
    if (room.members.has(userId) || !this.rooms.has(room.id)) return undefined;
    return this.append(room, userId, { $case: 'memberJoined', value: { userId } });
  }

  remove(room: StoredRoom, userId: string): Entry | undefined {
    if (!room.members.has(userId) || !this.rooms.has(room.id)) return undefined;
    return this.append(room, uuid(), { $case: 'memberRemoved', value: { userId } });
  }

  say(room: StoredRoom, actorId: string, text = 'hello', clientId = uuid()): Entry {
    const message = {
      id: uuid(),
      text,
      clientId,
      replyTo: undefined,
      mentions: [],
      reactions: [],
      attachments: [],
    };
    return this.append(room, actorId, { $case: 'messageCreated', value: message });
  }

  /** An entry is said to everybody, for the first time or once more. */
  announce(entry: Entry): void {
    this.publish({ body: { $case: 'entries', value: { entries: [entry] } } });
  }

  delete(room: StoredRoom): void {
    this.rooms.delete(room.id);
    this.publish({ body: { $case: 'roomDeleted', value: { roomId: room.id } } });
  }

  /** As chat does it when the way between its replicas was broken: it arrives. */
  resync(): void {
    for (const { subscriber } of this.streams) subscriber.next({ body: { $case: 'resync', value: {} } });
  }

  breakStreams(): void {
    for (const { subscriber } of this.streams) subscriber.error(new AppError('unavailable'));
  }

  /** Keeps back the answers of a call, as they were read, until the result is called. */
  hold(method: string): () => void {
    let release: () => void = () => undefined;
    this.held.set(method, new Promise((resolve) => (release = resolve)));
    return () => {
      this.held.delete(method);
      release();
    };
  }

  get listeners(): number {
    return this.streams.size;
  }

  get clients(): Provider[] {
    return [
      { provide: DELIVERY.token, useValue: this.delivery },
      { provide: ROOMS.token, useValue: this.roomCalls },
      { provide: MEMBERS.token, useValue: this.memberCalls },
      { provide: MESSAGES.token, useValue: this.messageCalls },
      { provide: PRESENCE.token, useValue: this.presenceCalls },
      { provide: REACTIONS.token, useValue: {} },
      { provide: PINS.token, useValue: {} },
      { provide: THREADS.token, useValue: {} },
    ];
  }

  private readonly delivery: Client<typeof DELIVERY.definition> = {
    subscribe: (requests) =>
      new Observable((subscriber) => {
        const stream = { subscriber, rooms: new Set<string>(), users: new Set<string>() };
        this.streams.add(stream);
        subscriber.add(() => this.streams.delete(stream));
        subscriber.add(
          requests.pipe(concatMap((request) => this.serve(stream, request))).subscribe(subscriber),
        );
      }),
    getChatHealth: async () => ({ checks: [] }),
    listMemberships: ({ userIds = [] }, context) =>
      this.answer('listMemberships', { userIds }, context, () => ({
        memberships: [...this.rooms.values()].flatMap(({ id, entries, members }) =>
          userIds.flatMap((userId): Membership[] => {
            const readSeq = members.get(userId);
            return readSeq === undefined
              ? []
              : [
                  {
                    userId,
                    roomId: id,
                    lastSeq: entries.length,
                    readSeq,
                    mentions: 0,
                    memberCount: members.size,
                  },
                ];
          }),
        ),
      })),
    listRoomEntries: ({ roomId, after, limit }, context) =>
      this.answer('listRoomEntries', { roomId, after, limit }, context, () => {
        const { entries } = this.room(roomId);
        return { entries: entries.slice(after, after + limit), lastSeq: entries.length };
      }),
  };

  private readonly presenceCalls: Pick<
    Client<typeof PRESENCE.definition>,
    'setTyping' | 'reportPresence' | 'describePresence' | 'listPresentMembers'
  > = {
    reportPresence: async () => ({ known: true, leaseMs: 20_000 }),
    describePresence: async () => ({ presences: [] }),
    listPresentMembers: async () => ({ presences: [], memberIds: [] }),
    setTyping: ({ roomId, on }, context) =>
      this.answer('setTyping', { roomId, on }, context, () => {
        const userId = this.userOf(context.token);
        if (!this.room(roomId).members.has(userId)) throw new AppError('not_a_member');
        this.publish({ body: { $case: 'typing', value: { roomId, userId, on } } });
        return {};
      }),
  };

  private readonly roomCalls: Pick<Client<typeof ROOMS.definition>, 'getRoom' | 'describeRoom'> = {
    getRoom: ({ roomId }, context) =>
      this.answer('getRoom', { roomId }, context, () => ({
        room: this.wire(this.room(roomId), this.userOf(context.token)),
      })),
    describeRoom: ({ roomId, userIds = [] }, context) =>
      this.answer('describeRoom', { roomId, userIds }, context, () => {
        const room = this.room(roomId);
        const roles = userIds.flatMap((userId) =>
          room.members.has(userId) ? [{ userId, role: RoomRole.MEMBER }] : [],
        );
        return { room: this.wire(room, ''), roles };
      }),
  };

  private readonly memberCalls: Pick<Client<typeof MEMBERS.definition>, 'markRead'> = {
    markRead: ({ roomId, seq }, context) =>
      this.answer('markRead', { roomId, seq }, context, () => {
        const userId = this.userOf(context.token);
        const { members } = this.roomOf(roomId, userId);
        members.set(userId, Math.max(seq, members.get(userId) ?? 0));
        this.publish({
          body: {
            $case: 'readMark',
            value: { roomId, userId, seq, revision: 0, forEverybody: members.size <= 3 },
          },
        });
        return {};
      }),
  };

  private readonly messageCalls: Pick<Client<typeof MESSAGES.definition>, 'sendMessage' | 'listEvents'> = {
    sendMessage: (request, context) =>
      this.answer('sendMessage', request, context, () => {
        const userId = this.userOf(context.token);
        const room = this.roomOf(request.roomId, userId);
        return { entry: this.say(room, userId, request.text, request.clientId), repeated: false };
      }),
    listEvents: (request, context) =>
      this.answer('listEvents', request, context, () => {
        const { entries } = this.roomOf(request.roomId, this.userOf(context.token));
        const page = entries.slice(request.after, request.after + (request.limit ?? 500));
        const complete = request.after + page.length === entries.length;
        return { entries: page, lastSeq: entries.length, complete };
      }),
  };

  private async serve({ rooms, users }: Stream, request: SubscribeRequest): Promise<SubscribeResponse> {
    if (this.faults.delay > 0) await pause(this.random() * this.faults.delay);
    for (const id of request.removeRooms) rooms.delete(id);
    for (const id of request.removeUsers) users.delete(id);
    for (const id of request.addRooms) rooms.add(id);
    for (const id of request.addUsers) users.add(id);
    const ends = request.addRooms.flatMap((roomId) => {
      const room = this.rooms.get(roomId);
      return room ? [{ roomId, lastSeq: room.entries.length }] : [];
    });
    const goneRooms = request.addRooms.filter((id) => !this.rooms.has(id));
    if (this.faults.delay > 0) await pause(this.random() * this.faults.delay);
    return { body: { $case: 'serving', value: { rooms: ends, goneRooms } } };
  }

  private append(room: StoredRoom, actorId: string, body: Entry['body']): Entry {
    const entry = { roomId: room.id, seq: room.entries.length + 1, actorId, at: new Date(), body };
    room.entries.push(entry);
    if (body?.$case === 'roomCreated') room.members.set(actorId, 0);
    if (body?.$case === 'memberJoined') room.members.set(body.value.userId, 0);
    if (body?.$case === 'memberRemoved') room.members.delete(body.value.userId);
    this.announce(entry);
    return entry;
  }

  /** Anything at all is said to everybody whom it concerns. */
  publish(message: SubscribeResponse): void {
    for (const { subscriber, rooms, users } of this.streams) {
      if (!concerns(message, rooms, users)) continue;
      const copies = this.happens(this.faults.loss) ? 0 : this.happens(this.faults.repeat) ? 2 : 1;
      for (let i = 0; i < copies; i++) {
        if (this.faults.delay === 0) subscriber.next(message);
        else setTimeout(() => subscriber.next(message), this.random() * this.faults.delay);
      }
    }
  }

  private async answer<T>(method: string, request: unknown, context: CallContext, read: () => T): Promise<T> {
    this.calls.push({ method, request, context });
    if (this.faults.delay > 0) await pause(this.random() * this.faults.delay);
    if (this.happens(this.faults.failure)) throw new AppError('unavailable');
    const answer = read();
    await this.held.get(method);
    if (this.faults.delay > 0) await pause(this.random() * this.faults.delay);
    return answer;
  }

  private happens(probability: number): boolean {
    return this.random() < probability;
  }

  private room(roomId: string): StoredRoom {
    const room = this.rooms.get(roomId);
    if (!room) throw new AppError('room_not_found');
    return room;
  }

  private roomOf(roomId: string, userId: string): StoredRoom {
    const room = this.room(roomId);
    if (!room.members.has(userId)) throw new AppError('not_a_member');
    return room;
  }

  private wire(room: StoredRoom, userId: string): Room {
    return {
      id: room.id,
      kind: RoomKind.PUBLIC,
      name: 'General',
      topic: '',
      createdAt: room.entries[0]?.at,
      createdBy: room.entries[0]?.actorId ?? '',
      memberCount: room.members.size,
      lastSeq: room.entries.length,
      userIds: [],
      role: room.members.has(userId) ? RoomRole.MEMBER : RoomRole.UNSPECIFIED,
    };
  }
}

/** Of entries there is one. */
const concerns = (
  { body }: SubscribeResponse,
  rooms: ReadonlySet<string>,
  users: ReadonlySet<string>,
): boolean => {
  switch (body?.$case) {
    case 'entries':
      return body.value.entries.some(
        ({ roomId, actorId, body: said }) =>
          rooms.has(roomId) ||
          (said?.$case === 'roomCreated' && users.has(actorId)) ||
          (said?.$case === 'memberJoined' && users.has(said.value.userId)),
      );
    case 'readMark':
    case 'roomDeleted':
      return rooms.has(body.value.roomId);
    default:
      return true;
  }
};
