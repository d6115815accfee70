/** What was said so long ago counts three quarters of what is said now. */
const AGE_MS = 90 * 24 * 3_600_000;

/** How good something is that was found: how well it fits, and a little how new it is. */
export const scoreOf = ({ rank, at }: { rank: number; at: number }, now: number): number =>
  rank * (0.5 + 0.5 / (1 + Math.max(0, now - at) / AGE_MS));

interface Placed {
  readonly at: number;
  readonly roomId: string;
  readonly seq: number;
}

/** In the order of the newest. */
export const byNewest = (a: Placed, b: Placed): number =>
  b.at - a.at || (a.roomId < b.roomId ? 1 : a.roomId > b.roomId ? -1 : b.seq - a.seq);
