import '@fastify/cookie';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import { AUTH, type Grant } from '@veche/contracts';
import type { CallContext, Client } from '@veche/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GrantDto, TokenTransport } from './auth.dto';
import { grantToJson } from './auth.wire';

export const REFRESH_COOKIE = 'veche_refresh';
const AUTH_PATH = '/api/v1/auth';
/** What the name of a cookie shows of an installation's id: there are never many on one host. */
const ID_CHARACTERS = 8;

interface Place {
  readonly name: string;
  readonly path: string;
  readonly secure: boolean;
}

/**
 * The refresh token of browsers. No script can read it, no other site can send it (SameSite, and the check of
 * the request's origin that stands before all routes). A cookie belongs to a host with all its ports: it is named by
 * the installation, so that two on one host keep apart. By HTTPS its name has the prefix that lets nothing but this
 * host itself set it, for which it must go to every path (RFC 6265bis, 4.1.3.2); otherwise it goes only where it is
 * needed.
 */
@Injectable()
export class RefreshCookie {
  private installation?: string;

  constructor(
    private readonly config: Config,
    @Inject(AUTH.token) private readonly auth: Client<typeof AUTH.definition>,
  ) {}

  /** Takes the one without an installation's name as well, which browsers have from before, and replaces it then. */
  async read(request: FastifyRequest, context: CallContext): Promise<string | undefined> {
    const { name } = await this.place(request, context);
    return request.cookies[name] ?? request.cookies[REFRESH_COOKIE];
  }

  /** Hands out a grant with its refresh token the way the client asked for. */
  async hand(
    grant: Grant | undefined,
    transport: TokenTransport,
    reply: FastifyReply,
    context: CallContext,
  ): Promise<GrantDto> {
    if (!grant) throw new Error('an answer came without its grant');
    if (transport === 'cookie') await this.write(reply, context, grant.refreshToken, grant.refreshExpiresIn);
    return grantToJson(grant, transport);
  }

  clear(reply: FastifyReply, context: CallContext): Promise<void> {
    return this.write(reply, context, '', 0);
  }

  private async write(
    reply: FastifyReply,
    context: CallContext,
    token: string,
    maxAge: number,
  ): Promise<void> {
    const place = await this.place(reply.request, context);
    set(reply, place, token, maxAge);
    if (reply.request.cookies[REFRESH_COOKIE] !== undefined)
      set(reply, { ...place, name: REFRESH_COOKIE, path: AUTH_PATH }, '', 0);
  }

  private async place({ protocol }: FastifyRequest, context: CallContext): Promise<Place> {
    this.installation ??= (await this.auth.getInstallation({}, context)).id;
    const name = `${REFRESH_COOKIE}_${this.installation.slice(0, ID_CHARACTERS)}`;
    return this.config.SECURE_COOKIES || protocol === 'https'
      ? { name: `__Host-${name}`, path: '/', secure: true }
      : { name, path: AUTH_PATH, secure: false };
  }
}

const set = (reply: FastifyReply, { name, path, secure }: Place, token: string, maxAge: number): void =>
  void reply.setCookie(name, token, { httpOnly: true, sameSite: 'strict', path, maxAge, secure });
