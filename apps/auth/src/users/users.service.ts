import { Injectable } from '@nestjs/common';
import { decide } from '@veche/access';
import { Cache } from '@veche/cache';
import { Config } from '@veche/config';
import type {
  GetOwnUserResponse,
  GetUserResponse,
  ListUsersResponse,
  ResolveUsernamesResponse,
  UpdateOwnUserResponse,
} from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import {
  type GetUserDto,
  type ListUsersDto,
  type ResolveUsernamesDto,
  readCursor,
  type UpdateOwnUserDto,
  writeCursor,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { searchWords } from '@veche/protocol';
import { type Call, callerOf } from '@veche/rpc';
import { CACHED_MS } from '../cached';
import { Clock } from '../clock';
import { SessionEvents } from '../events/session-events';
import { nameKey } from './user.rules';
import { type ProfileRow, toProfile, toUser, type UserRow } from './user.wire';
import { isReserved } from './usernames';
import { type Changes, UsersRepository } from './users.repository';

const DEFAULT_PAGE = 20;

const profileKey = (id: string): string => `auth:profile:${id}`;

/** As the cache keeps it: JSON, so that a time is a number. */
type CachedProfile = Omit<ProfileRow, 'createdAt'> & { createdAt: number };

/** Profiles: of others without, of oneself with the email address. */
@Injectable()
export class UsersService {
  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly cache: Cache,
    private readonly events: SessionEvents,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async get({ id }: GetUserDto): Promise<GetUserResponse> {
    const profile = await this.find(id);
    if (!profile) throw new AppError('user_not_found');
    return { profile: toProfile(profile) };
  }

  /** Whoever has somebody's id may know whom it stands for; to find people by name is not for guests. */
  async list(request: ListUsersDto, call: Call): Promise<ListUsersResponse> {
    const { ids, usernames, search } = request;
    const byName = usernames.length > 0 || search !== undefined;
    if (byName && decide('users.find', call) !== 'allowed') throw new AppError('forbidden');
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

  /** For services: who is called so now. */
  async resolve({ usernames }: ResolveUsernamesDto): Promise<ResolveUsernamesResponse> {
    const found = usernames.length > 0 ? await this.users.idsByUsernames(usernames.map(nameKey)) : [];
    return { usernames: found };
  }

  async getOwn(call: Call): Promise<GetOwnUserResponse> {
    const user = await this.users.find(callerOf(call).userId);
    if (!user) throw new AppError('user_not_found');
    return { user: toUser(user) };
  }

  async updateOwn(request: UpdateOwnUserDto, call: Call): Promise<UpdateOwnUserResponse> {
    const { userId } = callerOf(call);
    const { username, displayName, bio } = request;
    const user = await this.db.transaction(async (tx) => {
      if (username !== undefined) await this.refuseReserved(tx, userId, username);
      return this.change(tx, userId, { username, displayName, bio });
    });
    if (!user) throw new AppError('user_not_found');
    await this.announce(userId);
    return { user: toUser(user) };
  }

  /**
   * Changes what is given of somebody; to be {@link announce}d once it is committed.
   * @throws AppError `username_taken`, `email_taken`
   */
  change(tx: Queries, userId: string, changes: Changes): Promise<UserRow | undefined> {
    return this.users.update(tx, userId, changes, this.clock.now(), this.nameKeptUntil());
  }

  /** Until when a username that is given up now is kept for who had it. */
  nameKeptUntil(): Date {
    return new Date(this.clock.now().getTime() + this.config.FORMER_USERNAME_TTL * 1000);
  }

  /** Who has such a name already keeps it. */
  private async refuseReserved(tx: Queries, userId: string, username: string): Promise<void> {
    if (!isReserved(username)) return;
    const is = await this.users.find(userId, tx);
    if (is && nameKey(is.username) !== nameKey(username))
      throw new AppError('username_taken', { detail: 'This username is reserved' });
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
    const rows = await this.users.search(searchWords(text), after, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      profiles: page.map(toProfile),
      nextCursor: rows.length > limit && last ? writeCursor([nameKey(last.username)]) : undefined,
    };
  }
}
