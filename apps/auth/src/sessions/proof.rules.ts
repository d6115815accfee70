/** How far the clock of a device may be off before it needs a nonce of ours. */
export const SKEW_MS = 60_000;
/** How long a nonce of ours may be used. */
export const NONCE_MS = 120_000;
/** For as long a proof could be accepted once more. */
const REMEMBERED_MS = 2 * SKEW_MS;
/** A device that renews more often than this in that time is told to wait. */
const MAX_REMEMBERED = 128;

/** When a proof was made: as its device says, and as the nonce of ours that it carries says. In milliseconds. */
export interface MadeAt {
  readonly device: number;
  readonly nonce: number | undefined;
}

/**
 * Whether a proof was made just now. A nonce says so better than the clock of a device, which may be wrong by years
 * (RFC 9449, 8 and 11.1).
 */
export const isFresh = ({ device, nonce }: MadeAt, now: number): boolean =>
  nonce === undefined ? Math.abs(now - device) <= SKEW_MS : nonce <= now && now - nonce <= NONCE_MS;

/** A proof that was used: by the hash of its `jti`, in milliseconds since 1970. */
export interface UsedProof {
  readonly id: string;
  readonly at: number;
}

/** The proofs to remember with this one among them; why not where it was used before, or there are too many. */
export const remember = (
  used: readonly UsedProof[],
  id: string,
  now: number,
): readonly UsedProof[] | 'replayed' | 'too many' => {
  const recent = used.filter(({ at }) => now - at <= REMEMBERED_MS);
  if (recent.some((one) => one.id === id)) return 'replayed';
  return recent.length < MAX_REMEMBERED ? [...recent, { id, at: now }] : 'too many';
};
