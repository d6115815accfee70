/** What another system says of its user; what is left out it does not say. */
export interface ExternalProfile {
  readonly displayName?: string | undefined;
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly bio?: string | undefined;
  readonly role?: string | undefined;
}

/** Of what is said of somebody, what differs from what is known. */
export const differing = <P extends ExternalProfile>(said: P, known: ExternalProfile): Partial<P> =>
  Object.fromEntries(
    Object.entries(said).filter(
      ([field, value]) => value !== undefined && value !== known[field as keyof ExternalProfile],
    ),
  ) as Partial<P>;

const LONGEST = 24;
/** Where a name has nothing in it that a username may have. */
const PLAIN = 'user';

/**
 * A username for somebody of this name: its letters without their accents, and after the first turn something random
 * behind them, because somebody else has it.
 */
export const derivedUsername = (
  name: string,
  turn: number,
  random: string,
  isReserved: (username: string) => boolean,
): string => {
  const letters = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST)
    .replace(/[-_.]+$/, '');
  const base = letters.length < 3 || isReserved(letters) ? PLAIN : letters;
  return turn === 0 && base !== PLAIN ? base : `${base}-${random}`;
};
