import { Injectable } from '@nestjs/common';
import { mayRole, type UserPrincipal } from '@veche/access';
import { Cache } from '@veche/cache';
import type { Queries } from '@veche/database';
import { AppError } from '@veche/errors';
import type { LockedRoom } from '../log/log.service';
import { type Act, judge, type RoomKind, type Standing } from './member.rules';
import { MembersRepository } from './members.repository';

/** How long a standing outlives a change whose process died between its commit and {@link StandingService.forget}. */
const TTL_MS = 30_000;

const key = (roomId: string, userId: string): string => `chat:standing:${roomId}:${userId}`;

/** Of somebody what decides over what they may do. */
type Who = Pick<UserPrincipal, 'userId' | 'role'>;

/** What somebody is in a room, and whether that is enough for what they want there. */
@Injectable()
export class StandingService {
  constructor(
    private readonly members: MembersRepository,
    private readonly cache: Cache,
  ) {}

  /**
   * For changes: asks the rows as they are in the transaction, in a room that is locked, so that nobody acts by a
   * right that is being taken from them.
   * @throws AppError why not
   */
  async forChange(act: Act, tx: Queries, room: LockedRoom, who: UserPrincipal): Promise<Standing> {
    const member = await this.members.find(tx, room.id, who.userId);
    return this.demand(act, room.kind, { role: member?.role ?? null }, who);
  }

  /**
   * For reads: asks the cache first.
   * @throws AppError why not
   */
  async forReading(act: Act, roomId: string, who: Who): Promise<Standing> {
    const found = await this.cache.read(key(roomId, who.userId), TTL_MS, () =>
      this.members.standing(roomId, who.userId),
    );
    if (!found) throw new AppError('room_not_found');
    return this.demand(act, found.kind, found, who);
  }

  /** @throws AppError why not */
  demand(
    act: Act,
    kind: RoomKind,
    { role, invited = false }: Pick<Standing, 'role' | 'invited'>,
    who: Who,
  ): Standing {
    const standing = {
      kind,
      role,
      invited,
      mayBrowse: mayRole(who.role, 'rooms.browse'),
      mayModerate: mayRole(who.role, 'rooms.moderate'),
      mayManage: mayRole(who.role, 'rooms.manage'),
    };
    const verdict = judge(act, standing);
    if (verdict !== 'allowed') throw new AppError(verdict);
    return standing;
  }

  /** What members are has changed; to be called once that is committed. */
  async forget(roomId: string, userIds: readonly string[]): Promise<void> {
    await this.cache.forget(...userIds.map((userId) => key(roomId, userId)));
  }
}
