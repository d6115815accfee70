import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type CreateUserResponse,
  type DeleteOwnUserResponse,
  type DeleteUserResponse,
  type GetOwnUserResponse,
  type GetUserResponse,
  type ListAccountsResponse,
  type ListUsersResponse,
  type ResolveUsernamesResponse,
  type UpdateOwnUserResponse,
  type UpdateUserResponse,
  USERS,
} from '@veche/contracts';
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
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { DeletionsService } from './deletion/deletions.service';
import { ManagementService } from './management/management.service';
import { UsersService } from './users/users.service';

/** Profiles, and what admins and people do to accounts: one service for callers. */
@Controller()
@RpcService(USERS)
export class UsersController implements Handlers<typeof USERS.definition> {
  constructor(
    private readonly users: UsersService,
    private readonly management: ManagementService,
    private readonly deletions: DeletionsService,
  ) {}

  @Access('users.read')
  getUser(request: GetUserDto): Promise<GetUserResponse> {
    return this.users.get(request);
  }

  @Access('users.read')
  listUsers(request: ListUsersDto, call: Call): Promise<ListUsersResponse> {
    return this.users.list(request, call);
  }

  @Access('service')
  resolveUsernames(request: ResolveUsernamesDto): Promise<ResolveUsernamesResponse> {
    return this.users.resolve(request);
  }

  @Access('users.own')
  getOwnUser(_request: GetOwnUserDto, call: Call): Promise<GetOwnUserResponse> {
    return this.users.getOwn(call);
  }

  @Access('users.own')
  updateOwnUser(request: UpdateOwnUserDto, call: Call): Promise<UpdateOwnUserResponse> {
    return this.users.updateOwn(request, call);
  }

  @Access('users.own')
  deleteOwnUser(request: DeleteOwnUserDto, call: Call): Promise<DeleteOwnUserResponse> {
    return this.deletions.deleteOwn(request, call).then(() => ({}));
  }

  @Access('users.manage')
  listAccounts(request: ListAccountsDto): Promise<ListAccountsResponse> {
    return this.management.list(request);
  }

  @Access('users.manage')
  createUser(request: CreateUserDto, call: Call): Promise<CreateUserResponse> {
    return this.management.create(request, call);
  }

  @Access('users.manage')
  updateUser(request: UpdateUserDto, call: Call): Promise<UpdateUserResponse> {
    return this.management.update(request, call);
  }

  @Access('users.manage')
  deleteUser(request: DeleteUserDto, call: Call): Promise<DeleteUserResponse> {
    return this.deletions.deleteOther(request, call).then(() => ({}));
  }
}
