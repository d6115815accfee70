import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { GRACE_MS, type Shown } from './session.rules';

/**
 * A refresh token: `family`, or `family.turn` once it was renewed. The family is a secret that all tokens of a session
 * begin with, and of which the server keeps the hash alone. The second part is HMAC-SHA256 of a random number that the
 * server keeps, under the family: so the server can hand out the same token again to who shows one of its family,
 * although it keeps none; and who has an old token, or the server's tables, can compute no other.
 */
export interface RefreshToken {
  readonly family: string;
  /** Undefined in the first token of a family. */
  readonly turn: string | undefined;
}

/** Which token of a family, in base64url: null for the first. */
export type Turn = string | null;

/** A token of a family that was used, and when; of the last one, when it was last asked about after the grace. */
export interface UsedTurn {
  readonly turn: Turn;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** More are not used within the grace, but by who means harm. */
const MAX_USED = 32;

export const newFamily = (): string => randomBytes(32).toString('base64url');

export const newTurn = (): string => randomBytes(32).toString('base64url');

/** What the server keeps of a family. */
export const familyHash = (family: string): Buffer => createHash('sha256').update(family).digest();

export const parseRefreshToken = (text: string): RefreshToken => {
  const dot = text.indexOf('.');
  return dot < 0
    ? { family: text, turn: undefined }
    : { family: text.slice(0, dot), turn: text.slice(dot + 1) };
};

const turnOf = (family: string, turn: string): string =>
  createHmac('sha256', family).update(turn).digest('base64url');

/** The token of a family at a turn. */
export const refreshTokenAt = (family: string, turn: Turn): string =>
  turn === null ? family : `${family}.${turnOf(family, turn)}`;

/** The used tokens to remember when the current one is used: itself, and those that are in their grace. */
export const useCurrent = (current: Turn, used: readonly UsedTurn[], now: number): readonly UsedTurn[] =>
  [{ turn: current, at: now }, ...used.filter(({ at }) => now - at <= GRACE_MS)].slice(0, MAX_USED);

/** The same when the last used one is asked about after its grace: which begins anew, for the tabs that wake up with it. */
export const askLate = ([last, ...used]: readonly UsedTurn[], now: number): readonly UsedTurn[] =>
  last ? [{ ...last, at: now }, ...used] : [];

/** Which token of its line this is. `used`: the last one first. */
export const whichOf = (token: RefreshToken, current: Turn, used: readonly UsedTurn[]): Shown => {
  const is = (turn: Turn): boolean => {
    if (turn === null || token.turn === undefined) return turn === null && token.turn === undefined;
    const expected = Buffer.from(turnOf(token.family, turn));
    const shown = Buffer.from(token.turn);
    return shown.length === expected.length && timingSafeEqual(shown, expected);
  };
  if (is(current)) return 'current';
  const index = used.findIndex(({ turn }) => is(turn));
  const found = used[index];
  return found ? { usedAt: found.at, isLast: index === 0 } : 'older';
};
