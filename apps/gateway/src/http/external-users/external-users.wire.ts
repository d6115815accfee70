import { roleText, type UpsertExternalUserRequest } from '@veche/contracts';
import type { UpsertExternalUserBody } from './external-users.dto';

export const upsertRequest = (
  externalId: string,
  { role, ...rest }: UpsertExternalUserBody,
): UpsertExternalUserRequest => ({ ...rest, externalId, role: role && roleText.value(role) });
