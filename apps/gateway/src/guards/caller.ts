import type { Principal } from '@veche/access';
import type { AppError } from '@veche/errors';
import type { FastifyRequest } from 'fastify';

/** Who sent a request, as the first guard found it. */
export interface Caller {
  readonly principal: Principal;
  /** Why the token that came with it was not taken. */
  readonly refusal?: AppError;
}

export type IdentifiedRequest = FastifyRequest & { caller: Caller };
