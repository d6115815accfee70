import '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import type { Grant } from '@veche/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GrantDto, TokenTransport } from './auth.dto';
import { grantToJson } from './auth.wire';

export const REFRESH_COOKIE = 'veche_refresh';
const PATH = '/api/v1/auth';

/**
 * The refresh token of browsers. No script can read it, no other site can send it (SameSite, and the check of
 * the request's origin that stands before all routes), and it goes only where it is needed.
 */
@Injectable()
export class RefreshCookie {
  constructor(private readonly config: Config) {}

  read(request: FastifyRequest): string | undefined {
    return request.cookies[REFRESH_COOKIE];
  }

  /** Hands out a grant with its refresh token the way the client asked for. */
  hand(grant: Grant | undefined, transport: TokenTransport, reply: FastifyReply): GrantDto {
    if (!grant) throw new Error('an answer came without its grant');
    if (transport === 'cookie') this.write(reply, grant.refreshToken, grant.refreshExpiresIn);
    return grantToJson(grant, transport);
  }

  clear(reply: FastifyReply): void {
    this.write(reply, '', 0);
  }

  private write(reply: FastifyReply, token: string, maxAge: number): void {
    void reply.setCookie(REFRESH_COOKIE, token, {
      httpOnly: true,
      sameSite: 'strict',
      path: PATH,
      maxAge,
      secure: this.config.SECURE_COOKIES || reply.request.protocol === 'https',
    });
  }
}
