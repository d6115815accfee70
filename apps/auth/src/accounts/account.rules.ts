/** The application that a login is for: the one that is named, or the first of ours; undefined for a foreign one. */
export const applicationOf = (named: string | undefined, ours: readonly string[]): string | undefined =>
  named === undefined ? ours[0] : ours.find((app) => app === named);
