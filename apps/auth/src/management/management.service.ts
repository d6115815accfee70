import { Injectable, Logger } from '@nestjs/common';
import {
  type Account,
  type CreateUserResponse,
  type ListAccountsResponse,
  Role,
  roleText,
  type UpdateUserResponse,
} from '@veche/contracts';
import { Database, InjectDatabase } from '@veche/database';
import { type CreateUserDto, type ListAccountsDto, pageOf, readCursor, type UpdateUserDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { v7 as uuid } from 'uuid';
import { Passwords } from '../accounts/passwords';
import { assertStrong } from '../accounts/strong-password';
import { Clock } from '../clock';
import { SessionsService } from '../sessions/sessions.service';
import { nameKey } from '../users/user.rules';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { toAccount } from './account.wire';
import { ManagementRepository } from './management.repository';
import { takesAnAdmin } from './management.rules';

const ACCOUNTS_A_PAGE = 50;

/** Everybody's accounts, for those who manage them. */
@Injectable()
export class ManagementService {
  private readonly log = new Logger('Management');

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly repository: ManagementRepository,
    private readonly users: UsersRepository,
    private readonly profiles: UsersService,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  async list(request: ListAccountsDto): Promise<ListAccountsResponse> {
    const { search, role = Role.UNSPECIFIED, disabled, limit = ACCOUNTS_A_PAGE, cursor } = request;
    const [after] = readCursor(cursor, 'text') ?? [''];
    const filter = {
      search: search?.trim(),
      role: roleText.word(role),
      disabled,
    };
    const rows = await this.repository.list(filter, after, limit + 1);
    const { items, nextCursor } = pageOf(rows, limit, (last) => [nameKey(last.username)]);
    const now = this.clock.now();
    return { accounts: items.map((row) => toAccount(row, now)), nextCursor };
  }

  async create(request: CreateUserDto, call: Call): Promise<CreateUserResponse> {
    const { username, email, role = Role.USER } = request;
    assertStrong('password', request.password, [username, email]);
    const passwordHash = await this.passwords.hash(request.password, call.clientIp);
    const displayName = request.displayName ?? username;
    const id = uuid();
    const createdAt = this.clock.now();
    await this.db.transaction((tx) =>
      this.users.insert(tx, {
        id,
        username,
        email,
        passwordHash,
        displayName,
        createdAt,
        role: roleText.word(role) ?? 'user',
      }),
    );
    this.log.log({ by: callerOf(call).userId, userId: id }, 'an account was made');
    return { account: await this.get(id) };
  }

  async update(request: UpdateUserDto, call: Call): Promise<UpdateUserResponse> {
    const { userId: by } = callerOf(call);
    const { id, username, email, displayName, bio, disabled, password } = request;
    const role = request.role && roleText.word(request.role);
    if (password !== undefined) {
      const is = await this.get(id);
      const names = [username ?? is.user?.username, email ?? is.user?.email];
      assertStrong(
        'password',
        password,
        names.filter((name) => name !== undefined),
      );
    }
    const changes = {
      username,
      email,
      displayName,
      bio,
      role,
      disabled,
      passwordHash: password === undefined ? undefined : await this.passwords.hash(password, call.clientIp),
    };
    const ended = await this.db.transaction(async (tx) => {
      const is = await this.repository.lock(tx, id);
      if (!is) throw new AppError('user_not_found');
      if (password !== undefined && !is.hasPassword) throw new AppError('external_account');
      const becomes = { role: role ?? is.role, disabled: disabled ?? is.disabled };
      if (takesAnAdmin(is, becomes) && (await this.repository.countOtherAdmins(tx, id)) === 0)
        throw new AppError('last_admin');
      await this.profiles.change(tx, id, changes);
      if (becomes.disabled) return this.sessions.endWithin(tx, { userId: id }, 'account_disabled');
      // also where it is their own: whoever holds a token of this session should lose it
      if (password !== undefined) return this.sessions.endWithin(tx, { userId: id }, 'password_changed');
      return [];
    });
    await this.sessions.announce(ended);
    await this.profiles.announce(id);
    // a request has every field of its class, and those that were not given are undefined
    const changed = Object.entries(request).flatMap(([field, given]) =>
      field === 'id' || given === undefined ? [] : [field],
    );
    this.log.log({ by, userId: id, changed, role, disabled }, 'an account was changed');
    return { account: await this.get(id) };
  }

  private async get(id: string): Promise<Account> {
    const row = await this.repository.find(id);
    if (!row) throw new AppError('user_not_found');
    return toAccount(row, this.clock.now());
  }
}
