import { Body, Controller, Delete, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { EXTERNAL_USERS } from '@veche/contracts';
import type { CallContext, Client } from '@veche/rpc';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { userToJson } from '../users/user.wire';
import {
  ExternalTokenDto,
  ExternalUserDto,
  ExternalUserPath,
  UpsertExternalUserBody,
} from './external-users.dto';
import { upsertRequest } from './external-users.wire';

@ApiTags('users of another product')
@Controller('users/external')
export class ExternalUsersController {
  constructor(
    @Inject(EXTERNAL_USERS.token) private readonly users: Client<typeof EXTERNAL_USERS.definition>,
  ) {}

  /**
   * Make the account of a user of yours, or change what is given of it and leave the rest.
   * @remarks For server programs with an API key. The account has no password: nobody signs in to it but by a token that
   * you ask for. Again, or from two servers at once, it is the same account.
   */
  @Put(':externalId')
  @Example(UpsertExternalUserBody, { displayName: 'Olga K.' })
  @Fails('username_taken', 'last_admin')
  @Access('users.provision')
  async upsert(
    @Param() { externalId }: ExternalUserPath,
    @Body() body: UpsertExternalUserBody,
    @Ctx() ctx: CallContext,
  ): Promise<ExternalUserDto> {
    const { user } = await this.users.upsertExternalUser(upsertRequest(externalId, body), ctx);
    return { ...userToJson(user), externalId };
  }

  /**
   * An access token for a user of yours, to be handed to their device.
   * @remarks Ask for another one whenever the device asks you. All of them belong to one session.
   */
  @Post(':externalId/token')
  @HttpCode(200)
  @Fails('user_not_found', 'account_disabled')
  @Access('users.provision')
  token(@Param() path: ExternalUserPath, @Ctx() ctx: CallContext): Promise<ExternalTokenDto> {
    return this.users.issueExternalToken(path, ctx);
  }

  /** End all sessions of a user of yours: their sockets within a second, and every access token. */
  @Delete(':externalId/sessions')
  @HttpCode(204)
  @Fails('user_not_found')
  @Access('users.provision')
  async endSessions(@Param() path: ExternalUserPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.users.endExternalSessions(path, ctx);
  }

  /**
   * Delete the account of a user of yours and everything of it.
   * @remarks Well also where there is none any more. Their sessions end, they leave their rooms, and the texts of their
   * messages go.
   */
  @Delete(':externalId')
  @HttpCode(204)
  @Fails('last_admin')
  @Access('users.provision')
  async delete(@Param() path: ExternalUserPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.users.deleteExternalUser(path, ctx);
  }
}
