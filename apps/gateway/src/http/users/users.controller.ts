import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { USERS } from '@veche/contracts';
import { DeleteOwnUserDto, GetUserDto, UpdateOwnUserDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import type { FastifyReply } from 'fastify';
import { RefreshCookie } from '../auth/refresh-cookie';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { profilesToJson, profileToJson, userToJson } from './user.wire';
import { ListUsersQuery, ProfileDto, ProfilesDto, UserDto } from './users.dto';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    @Inject(USERS.token) private readonly users: Client<typeof USERS.definition>,
    private readonly cookie: RefreshCookie,
  ) {}

  /** Your own profile, with what only you may see. */
  @Get('me')
  @Fails()
  @Access('users.own')
  async own(@Ctx() ctx: CallContext): Promise<UserDto> {
    return userToJson((await this.users.getOwnUser({}, ctx)).user);
  }

  /** Change what is given, and leave the rest. */
  @Patch('me')
  @Example(UpdateOwnUserDto, { displayName: 'Olga K.' })
  @Fails('username_taken')
  @Access('users.own')
  async change(@Body() body: UpdateOwnUserDto, @Ctx() ctx: CallContext): Promise<UserDto> {
    return userToJson((await this.users.updateOwnUser(body, ctx)).user);
  }

  /**
   * Delete your account and everything of it.
   * @remarks Your sessions end, you leave your rooms, and the texts of your messages go.
   */
  @Delete('me')
  @HttpCode(204)
  @Example(DeleteOwnUserDto, { password: 'correct horse battery' })
  @Fails('invalid_credentials', 'last_admin')
  @Access('users.own')
  async delete(
    @Body() body: DeleteOwnUserDto,
    @Ctx() ctx: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.users.deleteOwnUser(body, ctx);
    await this.cookie.clear(reply, ctx);
  }

  /**
   * Profiles by ids, by usernames, or by the beginnings of words of a name. What does not exist is left out.
   * @remarks Guests have no names to find others by, only ids. Disabled accounts are found by their ids alone.
   */
  @Get()
  @Fails()
  @Access('users.read')
  async list(@Query() query: ListUsersQuery, @Ctx() ctx: CallContext): Promise<ProfilesDto> {
    return profilesToJson(await this.users.listUsers({ ids: [], usernames: [], ...query }, ctx));
  }

  /** One profile. */
  @Get(':id')
  @Fails('user_not_found')
  @Access('users.read')
  async get(@Param() path: GetUserDto, @Ctx() ctx: CallContext): Promise<ProfileDto> {
    return profileToJson((await this.users.getUser(path, ctx)).profile);
  }
}
