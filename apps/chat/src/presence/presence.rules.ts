export type Availability = 'online' | 'away' | 'dnd' | 'offline';

/** Somebody as their connections and their own words show them. */
export interface Showing {
  /** Whether they have a connection. */
  readonly here: boolean;
  /** Whether every one of their connections is idle. */
  readonly idle: boolean;
  /** What they have said of themself, unless that is over. */
  readonly chosen: 'away' | 'dnd' | null;
}

/** Who is not here is off line, whatever they have said; who is here is what they say, or else what they do. */
export const availabilityOf = ({ here, idle, chosen }: Showing): Availability => {
  if (!here) return 'offline';
  return chosen ?? (idle ? 'away' : 'online');
};

/** A status that ends later than this was meant to be one without an end. */
const LONGEST_MS = 366 * 24 * 60 * 60 * 1000;

/** @returns what is wrong with the end of a status */
export const wrongEnd = (until: Date | undefined, now: Date): string | undefined => {
  if (until === undefined) return undefined;
  const left = until.getTime() - now.getTime();
  if (left <= 0) return 'until must not be over';
  return left > LONGEST_MS ? 'until must be within a year' : undefined;
};
