import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { ROOMS, USERS } from '@veche/contracts';
import { DeleteUserDto, GetUserDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { RoomsDto } from '../rooms/rooms.dto';
import { roomsToJson } from '../rooms/rooms.wire';
import {
  AccountDto,
  AccountsDto,
  CreateUserBody,
  ListAccountsQuery,
  ListAllRoomsQuery,
  UpdateUserBody,
} from './admin.dto';
import {
  accountsToJson,
  accountToJson,
  createUserRequest,
  listAccountsRequest,
  listAllRoomsRequest,
  updateUserRequest,
} from './admin.wire';

@ApiTags('admin')
@Controller('admin')
export class AdminController {
  constructor(
    @Inject(USERS.token) private readonly users: Client<typeof USERS.definition>,
    @Inject(ROOMS.token) private readonly rooms: Client<typeof ROOMS.definition>,
  ) {}

  /** Everybody's accounts, in the order of their usernames. */
  @Get('users')
  @Fails()
  @Access('users.manage')
  async list(@Query() query: ListAccountsQuery, @Ctx() ctx: CallContext): Promise<AccountsDto> {
    return accountsToJson(await this.users.listAccounts(listAccountsRequest(query), ctx));
  }

  /** Make an account for somebody, also where registration is closed. */
  @Post('users')
  @Example(CreateUserBody, { username: 'olga', email: 'olga@example.org', password: 'correct horse battery' })
  @Fails('weak_password', 'username_taken', 'email_taken')
  @Access('users.manage')
  async create(@Body() body: CreateUserBody, @Ctx() ctx: CallContext): Promise<AccountDto> {
    return accountToJson((await this.users.createUser(createUserRequest(body), ctx)).account);
  }

  /**
   * Change what is given, and leave the rest.
   * @remarks A new role counts at once. The sessions of an account that is disabled or given a new password end.
   * The last admin who may sign in stays one.
   */
  @Patch('users/:id')
  @Example(UpdateUserBody, { role: 'moderator' })
  @Fails('weak_password', 'user_not_found', 'username_taken', 'email_taken', 'last_admin')
  @Access('users.manage')
  async change(
    @Param() path: GetUserDto,
    @Body() body: UpdateUserBody,
    @Ctx() ctx: CallContext,
  ): Promise<AccountDto> {
    return accountToJson((await this.users.updateUser(updateUserRequest(path.id, body), ctx)).account);
  }

  /**
   * Delete an account and everything of it.
   * @remarks Its sessions end, it leaves its rooms, and the texts of its messages go. The last admin who may sign in
   * stays.
   */
  @Delete('users/:id')
  @HttpCode(204)
  @Fails('user_not_found', 'last_admin')
  @Access('users.manage')
  async delete(@Param() path: DeleteUserDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.users.deleteUser(path, ctx);
  }

  /**
   * Every public and private room, in the order of their names.
   * @remarks Not the direct ones. Whoever may see this list may delete what is on it (`DELETE /rooms/{roomId}`).
   */
  @Get('rooms')
  @Fails()
  @Access('rooms.manage')
  async listRooms(@Query() query: ListAllRoomsQuery, @Ctx() ctx: CallContext): Promise<RoomsDto> {
    return roomsToJson(await this.rooms.listAllRooms(listAllRoomsRequest(query), ctx));
  }
}
