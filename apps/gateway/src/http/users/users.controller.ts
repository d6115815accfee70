import { Body, Controller, Get, Inject, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { USERS } from '@veche/contracts';
import { GetUserDto, UpdateOwnUserDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { profilesToJson, profileToJson, userToJson } from './user.wire';
import { ListUsersQuery, ProfileDto, ProfilesDto, UserDto } from './users.dto';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(@Inject(USERS.token) private readonly users: Client<typeof USERS.definition>) {}

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

  /** Profiles by ids, by usernames, or by the beginning of a name. What does not exist is left out. */
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
