import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  API_KEYS,
  type CreateApiKeyResponse,
  type ListApiKeysResponse,
  type RevokeApiKeyResponse,
  type RotateApiKeyResponse,
} from '@veche/contracts';
import { CreateApiKeyDto, ListApiKeysDto, RevokeApiKeyDto, RotateApiKeyDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { ApiKeysService } from './api-keys.service';

@Controller()
@RpcService(API_KEYS)
export class ApiKeysController implements Handlers<typeof API_KEYS.definition> {
  constructor(private readonly keys: ApiKeysService) {}

  @Access('keys.manage')
  createApiKey(request: CreateApiKeyDto, call: Call): Promise<CreateApiKeyResponse> {
    return this.keys.create(request, call);
  }

  @Access('keys.manage')
  listApiKeys(_request: ListApiKeysDto): Promise<ListApiKeysResponse> {
    return this.keys.list();
  }

  @Access('keys.manage')
  rotateApiKey(request: RotateApiKeyDto, call: Call): Promise<RotateApiKeyResponse> {
    return this.keys.rotate(request, call);
  }

  @Access('keys.manage')
  revokeApiKey(request: RevokeApiKeyDto, call: Call): Promise<RevokeApiKeyResponse> {
    return this.keys.revoke(request, call).then(() => ({}));
  }
}
