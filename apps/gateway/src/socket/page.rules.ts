/** Takes from the beginning of a list what still fits. */
export type Budget = <T extends object>(items: readonly T[]) => T[];

/** An id and what is around it, in UTF-16 units. */
const ID_UNITS = 40;
/** An entry without its text, and the most that a UTF-16 unit becomes in UTF-8. */
const BARE_BYTES = 400;
const BYTES_PER_UNIT = 3;

const textUnits = (item: object): number => ('text' in item ? String(item.text).length : 0);

const reactionUnits = (item: object): number => {
  const { reactions = [] } = item as { reactions?: readonly { userIds: readonly string[] }[] };
  return reactions.reduce((sum, { userIds }) => sum + ID_UNITS * (userIds.length + 2), 0);
};

/**
 * What may go into one answer, over all its lists. The first item fits always, so that whoever asks again for
 * the rest comes to an end.
 * @param bytes an estimate from above, for text that needs no escapes
 */
export const budgetOf = (bytes: number): Budget => {
  let left = bytes;
  return (items) => {
    const taken: (typeof items)[number][] = [];
    for (const item of items) {
      if (left <= 0) break;
      left -= BARE_BYTES + BYTES_PER_UNIT * (textUnits(item) + reactionUnits(item));
      taken.push(item);
    }
    return taken;
  };
};
