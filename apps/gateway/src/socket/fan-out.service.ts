import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  DELIVERY,
  type DescribeRoomResponse,
  type Entry,
  type Membership,
  type InvitationChanged,
  type PreferencesChanged,
  type ReadMark,
  type Room,
  type RoomPreferencesChanged,
  type RoomRole,
  ROOMS,
  type Serving,
  type SubscribeResponse,
  type ThreadMarked,
  type Typing,
} from '@veche/contracts';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import { backoffMs, type LogPage } from '@veche/feed';
import type { MoreRooms, Presence, RoomPosition } from '@veche/protocol';
import type { CallContext, Client } from '@veche/rpc';
import pLimit from 'p-limit';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { preferencesToJson, roomPreferencesToJson } from '../preferences/preferences.wire';
import { roomToJson } from '../rooms/room.wire';
import type { Connection } from './connection';
import { emitTo, Frames } from './frames';
import { Interest } from './interest';
import { Looks } from './looks';
import { membershipChange } from './membership-change';
import { type Meanwhile, MembershipSnapshots } from './membership-snapshots';
import { PresenceBoard } from './presence-board';
import { PresenceReports } from './presence-reports';
import { RoomHub } from './room-hub';

const READ_TIMEOUT_MS = 5_000;
/** Rooms that `ready` has: what a first screen shows, however many there are. */
const READY_ROOMS = 200;
/** Rooms that each frame after it has. */
const MORE_ROOMS = 500;
/** Newcomers for whom a room is looked up at once. */
const NEWCOMERS = 1_000;
/** Tries to look a room up before its newcomers are sent to connect anew. */
const TRIES = 8;

/** Somebody with a connection to this process. */
interface LocalUser {
  readonly connections: Set<Connection>;
  /** The rooms that connections of theirs are in. */
  readonly rooms: Map<string, RoomHub>;
}

/**
 * Brings what chat commits to the connections of this process: to each its user's rooms, once, in order, without
 * gaps, from the numbers on that `ready` has told it.
 */
@Injectable()
export class FanOut {
  private readonly log = new Logger('Sockets');
  private readonly users = new Map<string, LocalUser>();
  private readonly hubs = new Map<string, RoomHub>();
  /** Rooms that are being looked up for their newcomers. */
  private readonly introducing = new Set<RoomHub>();
  private readonly snapshots: MembershipSnapshots;
  /** What is told only to those who look at a room. */
  readonly looks = new Looks<Connection>(
    (roomId, connection) => this.hubs.get(roomId)?.isTold(connection) ?? false,
    undefined,
    (roomId) => this.board.leave(roomId),
  );
  // after an outage every room may have something to read
  private readonly reading = pLimit(16);

  constructor(
    @Inject(DELIVERY.token) private readonly delivery: Client<typeof DELIVERY.definition>,
    @Inject(ROOMS.token) private readonly rooms: Client<typeof ROOMS.definition>,
    private readonly interest: Interest,
    private readonly board: PresenceBoard,
    private readonly reports: PresenceReports,
    private readonly config: Config,
  ) {
    this.board.begin({
      tell: (presence, watchers, roomIds) => {
        const lookers = [...roomIds].flatMap((roomId) => this.looks.of(roomId));
        emitTo(new Set([...watchers, ...lookers]), Frames.of('presence', presence));
      },
    });
    this.snapshots = new MembershipSnapshots({
      list: async (userIds) => (await this.delivery.listMemberships({ userIds }, asService())).memberships,
      isHere: (userId) => this.users.has(userId),
      everybody: () => this.users.keys(),
      apply: (userId, memberships, meanwhile) => this.reconcile(userId, memberships, meanwhile),
    });
  }

  /** Begins to serve a connection: `ready` is the first that it gets. */
  add(connection: Connection): void {
    const { userId } = connection.principal;
    const user = this.users.get(userId) ?? { connections: new Set(), rooms: new Map() };
    this.users.set(userId, user);
    user.connections.add(connection);
    this.reports.add(connection);
    this.interest.addUser(userId);
    // else once it does: what a snapshot does not have yet has to be heard
    if (this.interest.hasUser(userId)) this.snapshots.request([userId]);
  }

  /** From here on a connection looks at a room. @returns which members are here; for who is one */
  async look(roomId: string, connection: Connection): Promise<Presence[]> {
    this.looks.enter(roomId, connection);
    return this.looks.mayHear(roomId, connection) ? this.board.enter(roomId) : [];
  }

  remove(connection: Connection): void {
    this.looks.remove(connection);
    this.board.remove(connection);
    this.reports.remove(connection);
    const { userId } = connection.principal;
    const user = this.users.get(userId);
    if (!user?.connections.delete(connection)) return;
    for (const hub of user.rooms.values()) {
      hub.remove(connection);
      this.settle(hub, user);
    }
    if (user.connections.size > 0) return;
    this.users.delete(userId);
    this.interest.removeUser(userId);
  }

  /** Takes what chat has said. */
  take({ body }: SubscribeResponse): void {
    switch (body?.$case) {
      case 'entries':
        return body.value.entries.forEach((entry) => this.takeEntry(entry));
      case 'readMark':
        return this.takeReadMark(body.value);
      case 'typing':
        return this.takeTyping(body.value);
      case 'roomPreferencesChanged':
        return this.takeRoomPreferences(body.value);
      case 'threadMarked':
        return this.takeThreadMark(body.value);
      case 'preferencesChanged':
        return this.takePreferences(body.value);
      case 'invitationChanged':
        return this.takeInvitation(body.value);
      case 'presenceChanged':
        return this.board.changed(body.value.userIds);
      case 'roomDeleted':
        return this.takeDeletion(body.value.roomId);
      case 'resync':
        this.board.refresh();
        // where the rooms end costs little, and who has come into others is seldom what was missed
        this.interest.renewRooms();
        return this.snapshots.requestAll();
      case 'serving':
        return this.takeServing(body.value);
      case undefined: // said by a newer chat
    }
  }

  close(): void {
    this.snapshots.close();
    this.looks.close();
    this.board.close();
    for (const hub of this.hubs.values()) hub.close();
  }

  /** What was committed while we did not hear of it. */
  private takeServing({ rooms, goneRooms }: Serving): void {
    for (const { roomId, lastSeq } of rooms) {
      const hub = this.hubs.get(roomId);
      if (hub) hub.feed.notice(lastSeq);
      else this.snapshots.noteEntry(roomId, lastSeq);
    }
    for (const roomId of goneRooms) this.takeDeletion(roomId);
    this.snapshots.request(this.interest.taken());
  }

  private takeEntry(entry: Entry): void {
    // whoever has said it has stopped writing it
    if (entry.body?.$case === 'messageCreated') this.looks.takeTyping(entry.roomId, entry.actorId, false);
    if (recounts(entry)) this.snapshots.noteCount(entry.roomId);
    const hub = this.hubs.get(entry.roomId) ?? this.hubForNewcomer(entry);
    if (!hub) this.snapshots.noteEntry(entry.roomId, entry.seq);
    else if (entry.seq > hub.feed.cursor) hub.feed.receive(entry);
    else this.takeLate(entry);
  }

  /** A hub begins with what first shows the need for it, which may have overtaken how others came in. */
  private takeLate(entry: Entry): void {
    const change = membershipChange(entry);
    const user = change?.member ? this.users.get(change.userId) : undefined;
    if (change && user && !user.rooms.has(entry.roomId)) this.snapshots.request([change.userId]);
  }

  /** An entry may bring somebody who is here into a room that nobody here was in. */
  private hubForNewcomer(entry: Entry): RoomHub | undefined {
    const change = membershipChange(entry);
    const user = change?.member ? this.users.get(change.userId) : undefined;
    if (!change || !user) return undefined;
    this.snapshots.noteChange(change.userId);
    const someReady = [...user.connections].some((c) => c.ready);
    return someReady ? this.openHub(entry.roomId, entry.seq - 1) : undefined;
  }

  private takeReadMark({ forEverybody, revision, ...mark }: ReadMark): void {
    const told = revision > 0 ? { ...mark, revision } : mark;
    const own = this.users.get(mark.userId)?.connections;
    if (own) this.hubs.get(mark.roomId)?.tell(Frames.of('read', told), own);
    if (forEverybody) this.looks.takeMark(mark.roomId, mark.userId, mark.seq);
    // for those that have not been told their marks yet
    this.snapshots.noteChange(mark.userId);
  }

  private takeRoomPreferences({ roomId, userId, preferences }: RoomPreferencesChanged): void {
    const own = this.users.get(userId)?.connections;
    const told = { roomId, ...roomPreferencesToJson(preferences) };
    if (own) this.hubs.get(roomId)?.tell(Frames.of('room:preferences', told), own);
    // for those that have not been told theirs yet
    this.snapshots.noteChange(userId);
  }

  private takeThreadMark({ userId, revision, ...mark }: ThreadMarked): void {
    const own = this.users.get(userId)?.connections;
    const told = { ...mark, ...(revision > 0 && { revision }) };
    if (own) this.hubs.get(mark.roomId)?.tell(Frames.of('thread', told), own);
  }

  private takePreferences({ userId, preferences }: PreferencesChanged): void {
    emitTo(this.readyOf(userId), Frames.of('preferences', preferencesToJson(preferences)));
  }

  private takeInvitation({ userId, roomId, on }: InvitationChanged): void {
    emitTo(this.readyOf(userId), Frames.of('invitation', { roomId, on }));
  }

  /** A user's connections that have been told their rooms. */
  private readyOf(userId: string): Connection[] {
    return [...(this.users.get(userId)?.connections ?? [])].filter(({ ready }) => ready);
  }

  private takeTyping({ roomId, userId, on }: Typing): void {
    this.looks.takeTyping(roomId, userId, on);
  }

  private takeDeletion(roomId: string): void {
    this.snapshots.noteDeletedRoom(roomId);
    const hub = this.hubs.get(roomId);
    if (!hub) return;
    const told = this.closeHub(hub);
    for (const { principal } of told) this.users.get(principal.userId)?.rooms.delete(roomId);
    emitTo(told, Frames.of('room:removed', { roomId }));
  }

  /** Makes what a user's connections get agree with the rooms that the user is a member of. */
  private reconcile(userId: string, memberships: readonly Membership[], meanwhile: Meanwhile): void {
    const user = this.users.get(userId);
    if (!user) return;
    const present = memberships.filter((m) => !meanwhile.deletedRooms.has(m.roomId));
    const roomIds = new Set(present.map((m) => m.roomId));
    for (const hub of user.rooms.values()) {
      // how they left is in the log, and comes as its last entry
      if (!roomIds.has(hub.roomId)) hub.feed.refresh();
    }

    const fresh = [...user.connections].filter((c) => !c.ready);
    for (const membership of present) {
      const hub = this.hubOf(membership);
      hub.count(membership.memberCount);
      hub.feed.notice(Math.max(membership.lastSeq, meanwhile.heard.get(hub.roomId) ?? 0));
      this.welcome(hub, userId, hub.feed.cursor + 1);
    }
    for (const connection of fresh) this.greet(connection, user, present);
  }

  /** Tells a connection its rooms; what follows the told numbers is brought from here on. */
  private greet(connection: Connection, user: LocalUser, memberships: readonly Membership[]): void {
    const { userId, sessionId, expiresAt } = connection.principal;
    const rooms = memberships.map((membership) => {
      const hub = this.hubOf(membership);
      const lastSeq = Math.max(membership.lastSeq, hub.feed.cursor);
      hub.add(connection, lastSeq);
      user.rooms.set(hub.roomId, hub);
      const { readSeq, mentions, preferences } = membership;
      return { id: hub.roomId, lastSeq, readSeq, mentions, ...roomPreferencesToJson(preferences) };
    });
    connection.ready = true;
    const frames = inParts(rooms).map((part, i) =>
      i > 0
        ? Frames.of('rooms', part)
        : Frames.of('ready', { userId, sessionId, expiresAt: new Date(expiresAt).toISOString(), ...part }),
    );
    // in one breath: no entry comes of a room that was not told yet
    connection.write(Frames.joined(frames));
  }

  private hubOf({ roomId, lastSeq }: Membership): RoomHub {
    return this.hubs.get(roomId) ?? this.openHub(roomId, lastSeq);
  }

  private openHub(roomId: string, after: number): RoomHub {
    const hub = new RoomHub({
      roomId,
      after,
      largeFrom: this.config.LARGE_ROOM,
      lookers: () => this.looks.of(roomId),
      connectionsOf: (userId) => this.users.get(userId)?.connections ?? [],
      fetch: (from, limit) => this.reading(() => this.readLog(roomId, from, limit)),
      refused: (error) => this.refused(hub, error),
      joined: (_hub, userId, seq) => {
        this.snapshots.noteChange(userId);
        this.board.memberChanged(roomId, userId, true);
        this.welcome(hub, userId, seq);
      },
      left: (_hub, userId, seq) => {
        this.board.memberChanged(roomId, userId, false);
        this.left(hub, userId, seq);
      },
    });
    this.hubs.set(roomId, hub);
    this.interest.addRoom(roomId);
    return hub;
  }

  private async readLog(roomId: string, after: number, limit: number): Promise<LogPage<Entry>> {
    try {
      return await this.delivery.listRoomEntries({ roomId, after, limit }, asService());
    } catch (error) {
      // for every room while chat is away: the lost stream is told once, by the listener
      this.log.debug({ err: error, roomId, after }, 'cannot read a log');
      throw error;
    }
  }

  private refused(hub: RoomHub, error: AppError): void {
    if (error.code === 'room_not_found') return this.takeDeletion(hub.roomId);
    this.log.error({ err: error, roomId: hub.roomId }, 'chat refuses its log');
    for (const connection of this.closeHub(hub)) connection.reset();
  }

  /** Brings those of a user's connections into a room that are not in it; they are told the room first. */
  private welcome(hub: RoomHub, userId: string, from: number): void {
    const user = this.users.get(userId);
    if (!user) return;
    const newcomers = [...user.connections].filter((c) => c.ready && !hub.has(c));
    if (newcomers.length === 0) return;
    user.rooms.set(hub.roomId, hub);
    for (const connection of newcomers) hub.expect(connection, from);
    if (this.introducing.has(hub)) return;
    this.introducing.add(hub);
    void this.introduce(hub).finally(() => this.introducing.delete(hub));
  }

  /** Looks the room up for all who have come by then, and once more for who comes meanwhile. */
  private async introduce(hub: RoomHub): Promise<void> {
    for (let failures = 0; ;) {
      const asked = [...hub.expected()].slice(0, NEWCOMERS);
      if (asked.length === 0) return;
      try {
        this.admit(hub, asked, await this.reading(() => this.lookUp(hub.roomId, asked)));
        failures = 0;
      } catch (error) {
        this.log.warn({ err: error, roomId: hub.roomId }, 'cannot look a room up');
        if (++failures >= TRIES) for (const [connection] of asked) connection.reset();
        await pause(backoffMs(failures), undefined, { ref: false });
      }
    }
  }

  /** The room and what the newcomers are in it; nothing where it is gone. */
  private async lookUp(
    roomId: string,
    newcomers: readonly (readonly [Connection, number])[],
  ): Promise<Partial<DescribeRoomResponse>> {
    const userIds = [...new Set(newcomers.map(([{ principal }]) => principal.userId))];
    try {
      return await this.rooms.describeRoom({ roomId, userIds }, asService());
    } catch (error) {
      if (error instanceof AppError && error.code === 'room_not_found') return {};
      throw error;
    }
  }

  private admit(
    hub: RoomHub,
    asked: readonly (readonly [Connection, number])[],
    { room, roles = [] }: Partial<DescribeRoomResponse>,
  ): void {
    // what brought them in may be long over: then the log has more than this gateway has heard
    if (room) {
      hub.count(room.memberCount);
      hub.feed.notice(room.lastSeq);
    }
    const roleOf = new Map(roles.map(({ userId, role }) => [userId, role]));
    const greetings = new Map<RoomRole, Frames>();
    for (const [connection, from] of asked) {
      // they may have gone since, and even come again
      if (!hub.expects(connection, from)) continue;
      const { userId } = connection.principal;
      const role = roleOf.get(userId);
      if (!room || !role) {
        this.dismiss(hub, userId, connection);
        continue;
      }
      const greeting = greetings.get(role) ?? greetingOf({ ...room, role }, hub.begin);
      greetings.set(role, greeting);
      hub.admit(connection, greeting);
    }
  }

  private dismiss(hub: RoomHub, userId: string, connection: Connection): void {
    hub.remove(connection);
    const user = this.users.get(userId);
    if (!user) return;
    this.settle(hub, user);
    // they may have come back since the room was looked up
    this.snapshots.request([userId]);
  }

  private left(hub: RoomHub, userId: string, seq: number): void {
    this.snapshots.noteChange(userId);
    const user = this.users.get(userId);
    if (!user) return;
    const removed = Frames.of('room:removed', { roomId: hub.roomId });
    for (const connection of user.connections) {
      // who was told a later number with the room in it has come back since
      if (!hub.isBeyond(connection, seq) && hub.remove(connection)) connection.write(removed);
    }
    this.settle(hub, user);
  }

  /** Forgets what nobody is in any more. */
  private settle(hub: RoomHub, user: LocalUser): void {
    if (![...user.connections].some((c) => hub.has(c))) user.rooms.delete(hub.roomId);
    if (hub.empty) this.closeHub(hub);
  }

  /** @returns the connections that knew that they were in the room */
  private closeHub(hub: RoomHub): Connection[] {
    if (this.hubs.get(hub.roomId) === hub) {
      this.hubs.delete(hub.roomId);
      this.interest.removeRoom(hub.roomId);
    }
    return hub.close();
  }
}

/** Whether what is unread and calls somebody may be another number after it. */
const recounts = ({ body }: Entry): boolean => {
  switch (body?.$case) {
    case 'messageCreated':
      return body.value.mentions.length > 0;
    case 'messageEdited':
    case 'messageDeleted':
    case 'messagesDeleted':
      return true;
    default:
      return false;
  }
};

/** @param begin the number that it has to tell at least */
const greetingOf = (room: Room, begin: number): Frames =>
  Frames.of('room:added', { room: roomToJson({ ...room, lastSeq: Math.max(room.lastSeq, begin) }) });

/** At least one, the first for `ready`. */
const inParts = (rooms: readonly RoomPosition[]): MoreRooms[] => {
  const parts: MoreRooms[] = [];
  let end = 0;
  do {
    const begin = end;
    end += begin === 0 ? READY_ROOMS : MORE_ROOMS;
    parts.push({ rooms: rooms.slice(begin, end), ...(end < rooms.length && { more: true as const }) });
  } while (end < rooms.length);
  return parts;
};

const asService = (): CallContext => ({ requestId: uuid(), deadline: Date.now() + READ_TIMEOUT_MS });
