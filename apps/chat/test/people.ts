import { Controller } from '@nestjs/common';
import { Access, type RoleName, type UserPrincipal } from '@veche/access';
import { type Profile, Role, USERS } from '@veche/contracts';
import {
  CreateUserDto,
  DeleteOwnUserDto,
  DeleteUserDto,
  GetOwnUserDto,
  GetUserDto,
  ListAccountsDto,
  ListUsersDto,
  ResolveUsernamesDto,
  UpdateOwnUserDto,
  UpdateUserDto,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { Authenticator, type Handlers, RpcService } from '@veche/rpc';
import { v7 as uuid } from 'uuid';

/** Who exists for a test. A person's name is their access token. */
export class People {
  private readonly principals = new Map<string, UserPrincipal>();

  /** @returns the id of somebody who exists from now on */
  add(username: string, role: RoleName = 'user', userId = uuid()): string {
    const session = { sessionId: uuid(), appId: 'veche', expiresAt: Date.now() + 3_600_000 };
    this.principals.set(username, { kind: 'user', userId, role, ...session });
    return userId;
  }

  principal(username: string): UserPrincipal | undefined {
    return this.principals.get(username);
  }

  profiles(): Profile[] {
    return [...this.principals].map(([username, { userId }]) => ({
      id: userId,
      username,
      displayName: username,
      bio: '',
      role: Role.USER,
      createdAt: new Date(0),
      nameShared: false,
      deactivated: false,
    }));
  }
}

/** Stands in for auth's UserService. */
@Controller()
@RpcService(USERS)
export class UsersOfTest implements Handlers<typeof USERS.definition> {
  constructor(private readonly people: People) {}

  @Access('users.read')
  listUsers({ ids, usernames }: ListUsersDto) {
    const wanted = new Set([...ids, ...usernames.map((name) => name.toLowerCase())]);
    return { profiles: this.people.profiles().filter((p) => wanted.has(p.id) || wanted.has(p.username)) };
  }

  @Access('service')
  resolveUsernames({ usernames }: ResolveUsernamesDto) {
    const found = this.people.profiles().filter((p) => usernames.includes(p.username));
    return { usernames: found.map(({ username, id: userId }) => ({ username, userId })) };
  }

  @Access('users.read')
  getUser({ id }: GetUserDto) {
    return { profile: this.people.profiles().find((p) => p.id === id) };
  }

  @Access('users.own')
  getOwnUser(_request: GetOwnUserDto): never {
    throw new AppError('not_found');
  }

  @Access('users.own')
  updateOwnUser(_request: UpdateOwnUserDto): never {
    throw new AppError('not_found');
  }

  @Access('users.own')
  deleteOwnUser(_request: DeleteOwnUserDto): never {
    throw new AppError('not_found');
  }

  @Access('users.manage')
  deleteUser(_request: DeleteUserDto): never {
    throw new AppError('not_found');
  }

  @Access('users.manage')
  listAccounts(_request: ListAccountsDto): never {
    throw new AppError('not_found');
  }

  @Access('users.manage')
  createUser(_request: CreateUserDto): never {
    throw new AppError('not_found');
  }

  @Access('users.manage')
  updateUser(_request: UpdateUserDto): never {
    throw new AppError('not_found');
  }
}

/** Stands in for the verification of access tokens. */
export class AuthenticatorOfTest extends Authenticator {
  constructor(private readonly people: People) {
    super();
  }

  override async authenticate(token: string): Promise<UserPrincipal> {
    const principal = this.people.principal(token);
    if (!principal) throw new AppError('invalid_token');
    return principal;
  }

  override hold(): void {
    return;
  }
  override release(): void {
    return;
  }
}
