import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCookieAuth, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { AUTH } from '@veche/contracts';
import { EndSessionDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import type { CallContext, Client } from '@veche/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import {
  ChangePasswordBody,
  GrantDto,
  LoginBody,
  LogoutBody,
  RefreshBody,
  RegisterBody,
  SessionsDto,
} from './auth.dto';
import { sessionsToJson } from './auth.wire';
import { RefreshCookie } from './refresh-cookie';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    @Inject(AUTH.token) private readonly auth: Client<typeof AUTH.definition>,
    private readonly cookie: RefreshCookie,
  ) {}

  /** Create an account and sign in. The first account of all becomes the admin. */
  @Post('register')
  @Example(RegisterBody, { username: 'olga', email: 'olga@example.org', password: 'correct horse battery' })
  @Fails(
    'weak_password',
    'username_taken',
    'email_taken',
    'registration_closed',
    'invalid_proof',
    'stale_proof',
  )
  @Access('public')
  async register(
    @Body() body: RegisterBody,
    @Ctx() ctx: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GrantDto> {
    const { grant } = await this.auth.register(body, ctx);
    return this.cookie.hand(grant, body.tokenTransport ?? 'cookie', reply, ctx);
  }

  /** Sign in with a username or an email address. */
  @Post('login')
  @HttpCode(200)
  @Example(LoginBody, { login: 'olga', password: 'correct horse battery' })
  @Fails('invalid_credentials', 'account_disabled', 'invalid_proof', 'stale_proof')
  @Access('public')
  async login(
    @Body() body: LoginBody,
    @Ctx() ctx: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GrantDto> {
    const { grant } = await this.auth.login(body, ctx);
    return this.cookie.hand(grant, body.tokenTransport ?? 'cookie', reply, ctx);
  }

  /**
   * Exchange a refresh token for new tokens.
   * @remarks It comes in the body or in the cookie, and the new one goes the same way. Asked again within ten
   * seconds, or before anything of the answer was used, the same new one is answered; later the use of the old one
   * ends the session. A session that began with a proof of a key in the header `DPoP` (RFC 9449) is renewed with such
   * a proof alone, and then with any token that it ever had.
   */
  @Post('refresh')
  @HttpCode(200)
  @Example(RefreshBody, {})
  @ApiCookieAuth('refresh')
  @Fails('unauthenticated', 'invalid_token', 'invalid_proof', 'stale_proof', 'session_ended')
  @Access('public')
  async refresh(
    @Body() body: RefreshBody,
    @Ctx() ctx: CallContext,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GrantDto> {
    const refreshToken = body.refreshToken ?? (await this.cookie.read(request, ctx));
    if (!refreshToken) throw new AppError('unauthenticated', { detail: 'There is no refresh token' });
    const { grant } = await this.auth.refresh({ refreshToken }, ctx);
    return this.cookie.hand(grant, body.refreshToken ? 'body' : 'cookie', reply, ctx);
  }

  /**
   * End this session: its tokens and its sockets with it. The access token says which; without one that is still good,
   * the refresh token does, from the cookie or the body.
   */
  @Post('logout')
  @HttpCode(204)
  @Example(LogoutBody, {})
  @ApiCookieAuth('refresh')
  @Fails('unauthenticated', 'invalid_token', 'invalid_proof', 'stale_proof')
  @Access('public')
  async logout(
    @Body() body: LogoutBody,
    @Ctx() ctx: CallContext,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const refreshToken = body.refreshToken ?? (await this.cookie.read(request, ctx));
    await this.auth.logout({ refreshToken }, ctx);
    await this.cookie.clear(reply, ctx);
  }

  /** Change your password. Your other sessions end, and this one gets new tokens: its refresh token of before is void. */
  @Post('password')
  @HttpCode(200)
  @Example(ChangePasswordBody, { currentPassword: 'correct horse battery', newPassword: 'staple and all' })
  @Fails('weak_password', 'invalid_credentials')
  @Access('sessions.own')
  async changePassword(
    @Body() body: ChangePasswordBody,
    @Ctx() ctx: CallContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GrantDto> {
    const { grant } = await this.auth.changePassword(body, ctx);
    return this.cookie.hand(grant, body.tokenTransport ?? 'cookie', reply, ctx);
  }

  /** Where you are signed in, the most recently used first. */
  @Get('sessions')
  @Fails()
  @Access('sessions.own')
  async sessions(@Ctx() ctx: CallContext): Promise<SessionsDto> {
    return sessionsToJson(await this.auth.listSessions({}, ctx));
  }

  /** End one of your sessions. */
  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Fails('session_not_found')
  @Access('sessions.own')
  async endSession(@Param() path: EndSessionDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.auth.endSession(path, ctx);
  }

  /** End all of your sessions but this one. */
  @Delete('sessions')
  @HttpCode(204)
  @Fails()
  @Access('sessions.own')
  async endOtherSessions(@Ctx() ctx: CallContext): Promise<void> {
    await this.auth.endOtherSessions({}, ctx);
  }
}
