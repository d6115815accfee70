import { OmitType } from '@nestjs/swagger';
import { RotateApiKeyDto } from '@veche/dto';
import type { ApiKey, NewApiKey } from '@veche/protocol';

export class RotateApiKeyBody extends OmitType(RotateApiKeyDto, ['id'] as const) {}

/** A key by which a server program calls. */
export class ApiKeyDto implements ApiKey {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8051" */
  id!: string;
  /** @example "shop, production" */
  name!: string;
  /** @example ["users.provision"] */
  scopes!: string[];
  /**
   * What its secret begins with, to know it by.
   * @example "vk_5fT0cQ"
   */
  hint!: string;
  /** @example "2026-01-02T03:04:05.678Z" */
  createdAt!: string;
  /**
   * Left out: it does not expire.
   * @example "2027-01-02T03:04:05.678Z"
   */
  expiresAt?: string;
  /**
   * To about an hour; left out where it was never used.
   * @example "2026-01-02T03:04:05.678Z"
   */
  lastUsedAt?: string;
  /**
   * Until when the secret before still works; left out where there is none.
   * @example "2026-01-03T03:04:05.678Z"
   */
  previousUntil?: string;
}

/** A key with the secret that it has just been given. */
export class NewApiKeyDto extends ApiKeyDto implements NewApiKey {
  /**
   * Keep it: it is not told again. Programs show it as `Authorization: Bearer vk_…`.
   * @example "vk_5fT0cQ…"
   */
  secret!: string;
}

export class ApiKeysDto {
  items!: ApiKeyDto[];
}
