import { isScope, SCOPES } from '@veche/access';
import type {
  CreateApiKeyRequest,
  ListApiKeysRequest,
  RevokeApiKeyRequest,
  RotateApiKeyRequest,
} from '@veche/contracts';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsInt, Max, Min } from 'class-validator';
import { Id, Optional, Time, VisibleText } from './fields';

const NAMES = Object.keys(SCOPES).filter(isScope);
const MAX_OVERLAP_SECONDS = 30 * 86_400;

export class CreateApiKeyDto implements CreateApiKeyRequest {
  /**
   * What it is for.
   * @example "shop, production"
   */
  @VisibleText(1, 64) name!: string;
  /** What programs may do that show it. */
  @ArrayMinSize(1)
  @ArrayMaxSize(NAMES.length)
  @IsIn(NAMES, { each: true, message: `each of $property must be one of ${NAMES.join(', ')}` })
  scopes!: string[];
  /** Left out: it does not expire. */
  @Optional() @Time() expiresAt?: Date;
}

export class ListApiKeysDto implements ListApiKeysRequest {}

export class RotateApiKeyDto implements RotateApiKeyRequest {
  @Id() id!: string;
  /** Seconds for which the secret of before still works: a day unless told, at most 30 days. */
  @Optional() @IsInt() @Min(0) @Max(MAX_OVERLAP_SECONDS) overlap?: number;
}

export class RevokeApiKeyDto implements RevokeApiKeyRequest {
  @Id() id!: string;
}
