import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type GetOwnUserResponse,
  type GetUserResponse,
  type ListUsersResponse,
  type UpdateOwnUserResponse,
  USERS,
} from '@veche/contracts';
import { GetOwnUserDto, GetUserDto, ListUsersDto, UpdateOwnUserDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { UsersService } from './users.service';

@Controller()
@RpcService(USERS)
export class UsersController implements Handlers<typeof USERS.definition> {
  constructor(private readonly users: UsersService) {}

  @Access('users.read')
  getUser(request: GetUserDto): Promise<GetUserResponse> {
    return this.users.get(request);
  }

  @Access('users.read')
  listUsers(request: ListUsersDto): Promise<ListUsersResponse> {
    return this.users.list(request);
  }

  @Access('users.own')
  getOwnUser(_request: GetOwnUserDto, call: Call): Promise<GetOwnUserResponse> {
    return this.users.getOwn(call);
  }

  @Access('users.own')
  updateOwnUser(request: UpdateOwnUserDto, call: Call): Promise<UpdateOwnUserResponse> {
    return this.users.updateOwn(request, call);
  }
}
