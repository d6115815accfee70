import { Injectable, Logger } from '@nestjs/common';
import { isScope } from '@veche/access';
import type {
  CreateApiKeyResponse,
  ListApiKeysResponse,
  RotateApiKeyResponse,
  ValidateApiKeyResponse,
} from '@veche/contracts';
import type { CreateApiKeyDto, RevokeApiKeyDto, RotateApiKeyDto, ValidateApiKeyDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { hintOf, newApiKey } from '@veche/tokens';
import { hash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { Clock } from '../clock';
import { SessionEvents } from '../events/session-events';
import { goodUntil, isWorthNoting } from './api-key.rules';
import { toApiKey } from './api-key.wire';
import { ApiKeysRepository } from './api-keys.repository';

/** Long enough to bring a new secret to every server at leisure. */
const OVERLAP_SECONDS = 86_400;

/**
 * Fast on purpose: a secret has 256 random bits, so there is nothing to guess that a slow hash would make slower, and a
 * stolen table is worth nothing.
 */
const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** Keys by which server programs call. */
@Injectable()
export class ApiKeysService {
  private readonly security = new Logger('Security');

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly events: SessionEvents,
    private readonly clock: Clock,
  ) {}

  async create({ name, scopes, expiresAt }: CreateApiKeyDto, call: Call): Promise<CreateApiKeyResponse> {
    const { userId: by } = callerOf(call);
    const now = this.clock.now();
    if (expiresAt && expiresAt <= now)
      throw new AppError('invalid_input', {
        errors: [{ field: 'expiresAt', message: 'expiresAt must be in the future' }],
      });
    const secret = newApiKey();
    const row = await this.keys.insert({
      id: uuid(),
      name,
      scopes: [...new Set(scopes)].filter(isScope),
      hint: hintOf(secret),
      secretHash: hashOf(secret),
      createdAt: now,
      expiresAt: expiresAt ?? null,
    });
    this.security.log({ by, key: row.id, scopes: row.scopes }, 'an API key was made');
    return { key: toApiKey(row, now), secret };
  }

  async list(): Promise<ListApiKeysResponse> {
    const now = this.clock.now();
    return { keys: (await this.keys.list()).map((row) => toApiKey(row, now)) };
  }

  async rotate(
    { id, overlap = OVERLAP_SECONDS }: RotateApiKeyDto,
    call: Call,
  ): Promise<RotateApiKeyResponse> {
    const { userId: by } = callerOf(call);
    const now = this.clock.now();
    const secret = newApiKey();
    const until = new Date(now.getTime() + overlap * 1000);
    const row = await this.keys.rotate(id, { secretHash: hashOf(secret), hint: hintOf(secret) }, until, now);
    if (!row) throw new AppError('api_key_not_found');
    await this.events.apiKeyChanged(id);
    this.security.log({ by, key: id }, 'an API key has a new secret');
    return { key: toApiKey(row, now), secret };
  }

  async revoke({ id }: RevokeApiKeyDto, call: Call): Promise<void> {
    const { userId: by } = callerOf(call);
    if (!(await this.keys.revoke(id, this.clock.now()))) throw new AppError('api_key_not_found');
    await this.events.apiKeyChanged(id);
    this.security.log({ by, key: id }, 'an API key was revoked');
  }

  /** @throws AppError `invalid_token`, whatever is wrong with it */
  async validate({ secret }: ValidateApiKeyDto): Promise<ValidateApiKeyResponse> {
    const now = this.clock.now();
    const key = await this.keys.findBySecret(hashOf(secret));
    const until = key && goodUntil(key, key.isPrevious, now);
    if (!key || until === undefined) throw new AppError('invalid_token');
    if (isWorthNoting(key.lastUsedAt, now)) await this.keys.used(key.id, now);
    // what a later version calls a scope means nothing here
    const scopes = key.scopes.filter(isScope);
    return { keyId: key.id, scopes, expiresAt: until ?? undefined };
  }

  /** Tells those that follow this replica once more what has changed lately. */
  async repeatChanges(since: Date, limit: number): Promise<void> {
    for (const id of await this.keys.listChangedSince(since, limit)) this.events.repeatApiKeyChange(id);
  }
}
