import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { Cache } from '@veche/cache';
import {
  type BrowseRoomsResponse,
  type CreateRoomResponse,
  type DeleteRoomResponse,
  type DescribeRoomResponse,
  type JoinRoomResponse,
  type ListAllRoomsResponse,
  type ListRoomsResponse,
  type OpenDirectRoomResponse,
  type Room,
  roomKindText,
  roomRoleText,
  type UpdateRoomResponse,
} from '@veche/contracts';
import type { Queries } from '@veche/database';
import {
  type BrowseRoomsDto,
  type CreateRoomDto,
  type DeleteRoomDto,
  type DescribeRoomDto,
  type GetRoomDto,
  type JoinRoomDto,
  type ListAllRoomsDto,
  type ListRoomsDto,
  type OpenDirectRoomDto,
  pageOf,
  readCursor,
  type UpdateRoomDto,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { fold, searchWords } from '@veche/protocol';
import { type Call, callerOf } from '@veche/rpc';
import { v7 as uuid } from 'uuid';
import { LogRepository } from '../log/log.repository';
import { type Change, LogService } from '../log/log.service';
import { ReadingTurns } from '../log/reading-turns';
import { BoundsService } from '../bounds/bounds.service';
import { DeletionsService } from '../deletion/deletions.service';
import { InviteesService } from '../members/invitees.service';
import type { Arrival, RoomKind, RoomRole } from '../members/member.rules';
import { JoiningService } from '../members/joining.service';
import { joined } from '../members/member.wire';
import { MembersRepository } from '../members/members.repository';
import { StandingService } from '../members/standing.service';
import { RoomNamesRepository } from './room-names.repository';
import { changes, directKey } from './room.rules';
import { roomCreated, roomUpdated, toOverview, toRoom } from './room.wire';
import { type AfterRoom, type RoomDraft, RoomsRepository } from './rooms.repository';

const ROOMS_A_PAGE = 100;
const BROWSED_A_PAGE = 50;

/** Names which public rooms there are; forgotten when that changes, and with it every page that was kept under it. */
const BROWSE_VERSION = 'chat:browse';
const BROWSE_VERSION_TTL_MS = 86_400_000;
const BROWSE_PAGE_TTL_MS = 60_000;

const afterRoom = (cursor: string | undefined): AfterRoom | undefined => {
  const [nameKey, id] = readCursor(cursor, 'text', 'uuid') ?? [];
  return nameKey !== undefined && id !== undefined ? { nameKey, id } : undefined;
};

/** Rooms: which there are, what they are called, and which are mine. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly standings: StandingService,
    private readonly invitees: InviteesService,
    private readonly log: LogService,
    private readonly entries: LogRepository,
    private readonly rooms: RoomsRepository,
    private readonly names: RoomNamesRepository,
    private readonly bounds: BoundsService,
    private readonly members: MembersRepository,
    private readonly joining: JoiningService,
    private readonly deletions: DeletionsService,
    private readonly cache: Cache,
    private readonly turns: ReadingTurns,
  ) {}

  async create(request: CreateRoomDto, call: Call): Promise<CreateRoomResponse> {
    const who = callerOf(call);
    const { userId } = who;
    const kind = roomKindText.word(request.kind);
    if (kind === undefined || kind === 'direct') throw new AppError('invalid_input');
    const { name } = request;
    const invited = new Set(await this.invitees.all(request.members, call));
    invited.delete(userId);
    const strangers = await this.bounds.strangers(who, [...invited]);
    const room = this.draft(userId, { kind, name, topic: request.topic?.trim() });
    await this.log.create(async (tx) => {
      await this.bounds.countRoom(tx, who);
      await this.bounds.countStrangers(tx, who, strangers);
      await this.rooms.insert(tx, room);
      await this.names.take(tx, room, userId);
      return this.begin(tx, room, 'owner', [...invited]);
    });
    if (kind === 'public') await this.cache.forget(BROWSE_VERSION);
    return this.get({ roomId: room.id }, call);
  }

  /** One room for a pair, however many ask at once: the database lets one in, and the others find what it made. */
  async openDirect(request: OpenDirectRoomDto, call: Call): Promise<OpenDirectRoomResponse> {
    const who = callerOf(call);
    const { userId } = who;
    const otherId = await this.invitees.one(request, call);
    if (otherId === userId)
      throw new AppError('invalid_input', {
        errors: [{ field: 'userId', message: 'a direct room needs somebody else' }],
      });
    const key = directKey(userId, otherId);
    const roomId = (await this.rooms.findDirect(key)) ?? (await this.beginDirect(key, who, otherId));
    return this.get({ roomId }, call);
  }

  async get({ roomId }: GetRoomDto, call: Call): Promise<{ room: Room }> {
    const who = callerOf(call);
    const [row] = await this.turns.take(who.userId, call.deadline, () =>
      this.rooms.find([roomId], who.userId),
    );
    if (!row) throw new AppError('room_not_found');
    this.standings.demand('see', row.kind, row, who);
    return { room: toRoom(row) };
  }

  /**
   * For services, which decide themselves who may see it.
   * @throws AppError `room_not_found`
   */
  async describe({ roomId, userIds }: DescribeRoomDto): Promise<DescribeRoomResponse> {
    const roles = await this.members.roles(roomId, userIds);
    const [row] = await this.rooms.find([roomId]);
    if (!row) throw new AppError('room_not_found');
    const inRoom = [...roles].map(([userId, role]) => ({ userId, role: roomRoleText.value(role) }));
    return { room: toRoom(row), roles: inRoom };
  }

  /**
   * Not cached: every message changes it for every member of its room.
   *
   * A room that becomes active between two pages moves to the front, out of what is still to come; whoever pages
   * hears of it by the entry that moved it.
   */
  async list({ limit = ROOMS_A_PAGE, cursor }: ListRoomsDto, call: Call): Promise<ListRoomsResponse> {
    const { userId } = callerOf(call);
    const [lastAt, id] = readCursor(cursor, 'time', 'uuid') ?? [];
    const after = lastAt !== undefined && id ? { lastAt, id } : undefined;
    const rows = await this.turns.take(userId, call.deadline, () =>
      this.rooms.listOf(userId, limit + 1, after),
    );
    const { items, nextCursor } = pageOf(rows, limit, (last) => [last.lastAt, last.id]);
    const newest = items.flatMap(({ id: roomId, messageSeq: seq }) =>
      seq === null ? [] : [{ roomId, from: seq, to: seq, reader: userId }],
    );
    const messages = await this.entries.ranges(newest);
    const lastOf = new Map(messages.map((entry) => [entry.roomId, entry]));
    return { rooms: items.map((row) => toOverview(row, lastOf.get(row.id))), nextCursor };
  }

  /** Which rooms a page shows is cached; what it says about them is not. */
  async browse(request: BrowseRoomsDto, call: Call): Promise<BrowseRoomsResponse> {
    const { userId } = callerOf(call);
    const { search = '', limit = BROWSED_A_PAGE, cursor } = request;
    const after = afterRoom(cursor);
    const words = searchWords(search);
    // a page is kept under the version that was read before it: if rooms change in between, nobody finds it
    const version = await this.cache.read(BROWSE_VERSION, BROWSE_VERSION_TTL_MS, async () => uuid());
    const key = `${BROWSE_VERSION}:${version}:${JSON.stringify([words, limit, after])}`;
    const found = await this.cache.read(key, BROWSE_PAGE_TTL_MS, () =>
      this.rooms.browse(words, limit + 1, after),
    );
    const { items, nextCursor } = pageOf(found, limit, (last) => [last.nameKey, last.id]);
    const ids = items.map((item) => item.id);
    const rows = await this.turns.take(userId, call.deadline, () => this.rooms.find(ids, userId));
    return { rooms: rows.map(toRoom), nextCursor };
  }

  async listAll(request: ListAllRoomsDto, call: Call): Promise<ListAllRoomsResponse> {
    const { userId } = callerOf(call);
    const { search = '', limit = BROWSED_A_PAGE, cursor } = request;
    const after = afterRoom(cursor);
    const kind = request.kind && roomKindText.word(request.kind);
    if (kind === 'direct') throw new AppError('invalid_input');
    const filter = { searchKey: fold(search), kind };
    const rows = await this.turns.take(userId, call.deadline, () =>
      this.rooms.listAll(filter, userId, limit + 1, after),
    );
    const { items, nextCursor } = pageOf(rows, limit, (last) => [last.nameKey ?? '', last.id]);
    return { rooms: items.map(toRoom), nextCursor };
  }

  async update(request: UpdateRoomDto, call: Call): Promise<UpdateRoomResponse> {
    const who = callerOf(call);
    const { roomId, name } = request;
    const wanted = { name, topic: request.topic?.trim() };
    const { result: renamed } = await this.log.change(roomId, async (tx, room) => {
      await this.standings.forChange('update', tx, room, who);
      const changed = changes(room, wanted);
      if (Object.keys(changed).length === 0) return { result: false };
      const is = { ...room, ...changed };
      await this.rooms.describe(tx, { ...is, nameKey: is.name === null ? null : fold(is.name) });
      if (changed.name !== undefined) await this.names.take(tx, is, who.userId);
      const entries = [{ actorId: who.userId, body: roomUpdated(changed) }];
      return { result: changed.name !== undefined && room.kind === 'public', entries };
    });
    if (renamed) await this.cache.forget(BROWSE_VERSION);
    return this.get({ roomId }, call);
  }

  async delete({ roomId }: DeleteRoomDto, call: Call): Promise<DeleteRoomResponse> {
    const who = callerOf(call);
    await this.log.change(roomId, async (tx, room) => {
      await this.standings.forChange('delete', tx, room, who);
      return { result: undefined, signals: [await this.deletions.delete(tx, roomId)] };
    });
    await this.cache.forget(BROWSE_VERSION);
    return {};
  }

  async join({ roomId }: JoinRoomDto, call: Call): Promise<JoinRoomResponse> {
    await this.joining.join(roomId, call);
    return this.get({ roomId }, call);
  }

  private async beginDirect(key: string, who: UserPrincipal, otherId: string): Promise<string> {
    const room = { ...this.draft(who.userId, { kind: 'direct' }), directKey: key };
    const { result } = await this.log.create(async (tx) => {
      if (await this.rooms.insert(tx, room)) {
        await this.bounds.countRoom(tx, who);
        return this.begin(tx, room, 'member', [otherId]);
      }
      const id = await this.rooms.findDirect(key, tx);
      if (!id) throw new AppError('unavailable'); // made and deleted in this moment
      return { room: { id }, result: id };
    });
    return result;
  }

  private draft(createdBy: string, is: { kind: RoomKind; name?: string; topic?: string }): RoomDraft {
    const { kind, name = null, topic = '' } = is;
    const key = name === null ? null : fold(name);
    return { id: uuid(), kind, name, nameKey: key, topic, directKey: null, createdBy, createdAt: new Date() };
  }

  /** Adds the first members and writes the first entries of a room that was just inserted. */
  private async begin(
    tx: Queries,
    room: RoomDraft,
    creatorRole: RoomRole,
    others: readonly string[],
  ): Promise<Change<string> & { room: RoomDraft }> {
    const actorId = room.createdBy;
    const members = others.map((userId): Arrival => ({ userId, role: 'member', readSeq: 0 }));
    await this.members.add(tx, room.id, [{ userId: actorId, role: creatorRole, readSeq: 0 }, ...members]);
    const entries = [roomCreated, ...others.map(joined)].map((body) => ({ actorId, body }));
    return { room, result: room.id, entries };
  }
}
