import { Injectable } from '@nestjs/common';
import { Cache } from '@veche/cache';
import type {
  GetOwnUserResponse,
  GetUserResponse,
  ListUsersResponse,
  UpdateOwnUserResponse,
} from '@veche/contracts';
import {
  type GetUserDto,
  type ListUsersDto,
  readCursor,
  type UpdateOwnUserDto,
  writeCursor,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { CACHED_MS } from '../cached';
import { Clock } from '../clock';
import { SessionEvents } from '../sessions/session-events';
import { nameKey } from './user.rules';
import { type ProfileRow, toProfile, toUser } from './user.wire';
import { UsersRepository } from './users.repository';

const DEFAULT_PAGE = 20;

const profileKey = (id: string): string => `auth:profile:${id}`;

/** As the cache keeps it: JSON, so that a time is a number. */
type CachedProfile = Omit<ProfileRow, 'createdAt'> & { createdAt: number };

/** Profiles: of others without, of oneself with the email address. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly cache: Cache,
    private readonly events: SessionEvents,
    private readonly clock: Clock,
  ) {}

  async get({ id }: GetUserDto): Promise<GetUserResponse> {
    const profile = await this.find(id);
    if (!profile) throw new AppError('user_not_found');
    return { profile: toProfile(profile) };
  }

  async list(request: ListUsersDto): Promise<ListUsersResponse> {
    const { ids, usernames, search } = request;
    const ways = [ids.length > 0, usernames.length > 0, search !== undefined].filter(Boolean);
    if (ways.length !== 1)
      throw new AppError('invalid_input', {
        detail: 'Give ids, or usernames, or search, and one of them only',
      });

    if (search !== undefined) return this.search(search, request.limit ?? DEFAULT_PAGE, request.cursor);
    const rows =
      ids.length > 0 ? this.users.listByIds(ids) : this.users.listByUsernames(usernames.map(nameKey));
    return { profiles: (await rows).map(toProfile) };
  }

  async getOwn(call: Call): Promise<GetOwnUserResponse> {
    const user = await this.users.find(callerOf(call).userId);
    if (!user) throw new AppError('user_not_found');
    return { user: toUser(user) };
  }

  async updateOwn(request: UpdateOwnUserDto, call: Call): Promise<UpdateOwnUserResponse> {
    const { userId } = callerOf(call);
    const { username, displayName, bio } = request;
    const changes = {
      username,
      usernameKey: username && nameKey(username),
      displayName,
      displayNameKey: displayName && nameKey(displayName),
      bio,
    };
    const user = await this.users.update(userId, changes, this.clock.now());
    if (!user) throw new AppError('user_not_found');
    await this.announce(userId);
    return { user: toUser(user) };
  }

  /** Makes a change known that has been committed. */
  async announce(userId: string): Promise<void> {
    await this.cache.forget(profileKey(userId));
    await this.events.userChanged(userId);
  }

  /** Tells those that follow this replica once more what has changed lately, at most `limit` users. */
  async repeatChanges(since: Date, limit: number): Promise<void> {
    await this.repeat(await this.users.listChangedSince(since, limit));
  }

  /** Tells those that follow this replica, and nobody else. */
  async repeat(userIds: readonly string[]): Promise<void> {
    await this.cache.forget(...userIds.map(profileKey));
    for (const userId of userIds) this.events.repeatChange(userId);
  }

  /** A profile, at most a minute old and fresh after each change; undefined where there is no such user. */
  async find(id: string): Promise<ProfileRow | undefined> {
    const cached = await this.cache.read<CachedProfile | undefined>(profileKey(id), CACHED_MS, async () => {
      const row = await this.users.profile(id);
      return row && { ...row, createdAt: row.createdAt.getTime() };
    });
    return cached && { ...cached, createdAt: new Date(cached.createdAt) };
  }

  private async search(text: string, limit: number, cursor: string | undefined): Promise<ListUsersResponse> {
    const [after] = readCursor(cursor, 'text') ?? [''];
    const rows = await this.users.search(nameKey(text), after, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      profiles: page.map(toProfile),
      nextCursor: rows.length > limit && last ? writeCursor([nameKey(last.username)]) : undefined,
    };
  }
}
