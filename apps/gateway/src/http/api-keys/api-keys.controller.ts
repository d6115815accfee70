import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { API_KEYS } from '@veche/contracts';
import { CreateApiKeyDto, RevokeApiKeyDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { ApiKeysDto, NewApiKeyDto, RotateApiKeyBody } from './api-keys.dto';
import { keysToJson, newKeyToJson } from './api-keys.wire';

@ApiTags('admin')
@Controller('admin/api-keys')
export class ApiKeysController {
  constructor(@Inject(API_KEYS.token) private readonly keys: Client<typeof API_KEYS.definition>) {}

  /**
   * Make a key by which a server program calls.
   * @remarks The secret is in this answer and nowhere else. It goes where access tokens go, `Authorization: Bearer vk_…`,
   * and may do what its scopes say and nothing else.
   */
  @Post()
  @Example(CreateApiKeyDto, { name: 'shop, production', scopes: ['users.provision'] })
  @Fails()
  @Access('keys.manage')
  async create(@Body() body: CreateApiKeyDto, @Ctx() ctx: CallContext): Promise<NewApiKeyDto> {
    return newKeyToJson(await this.keys.createApiKey(body, ctx));
  }

  /** The keys that were not revoked, the newest first; without their secrets. */
  @Get()
  @Fails()
  @Access('keys.manage')
  async list(@Ctx() ctx: CallContext): Promise<ApiKeysDto> {
    return keysToJson(await this.keys.listApiKeys({}, ctx));
  }

  /**
   * Give a key a new secret.
   * @remarks The one before works on for `overlap` seconds, so that servers can be brought the new one one after the other;
   * `0` ends it at once. One that was still working from before that ends at once.
   */
  @Post(':id/rotate')
  @HttpCode(200)
  @Example(RotateApiKeyBody, { overlap: 3600 })
  @Fails('api_key_not_found')
  @Access('keys.manage')
  async rotate(
    @Param() { id }: RevokeApiKeyDto,
    @Body() body: RotateApiKeyBody,
    @Ctx() ctx: CallContext,
  ): Promise<NewApiKeyDto> {
    return newKeyToJson(await this.keys.rotateApiKey({ ...body, id }, ctx));
  }

  /** Revoke a key and all its secrets: refused everywhere within a second. */
  @Delete(':id')
  @HttpCode(204)
  @Fails('api_key_not_found')
  @Access('keys.manage')
  async revoke(@Param() path: RevokeApiKeyDto, @Ctx() ctx: CallContext): Promise<void> {
    await this.keys.revokeApiKey(path, ctx);
  }
}
