import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { AUTH } from '@veche/contracts';
import type { CallContext, Client } from '@veche/rpc';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';

@ApiTags('keys')
@Controller('.well-known')
export class KeysController {
  constructor(@Inject(AUTH.token) private readonly auth: Client<typeof AUTH.definition>) {}

  /** The public keys that access tokens are verified with (RFC 7517). */
  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } },
      example: { keys: [{ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: '1', x: '…', y: '…' }] },
    },
  })
  @Fails()
  @Access('public')
  async keys(@Ctx() ctx: CallContext): Promise<unknown> {
    return JSON.parse((await this.auth.getKeys({}, ctx)).jwks);
  }
}
