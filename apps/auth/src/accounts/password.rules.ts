/** What of a password must be left when the names of its account are taken out of it. */
const MIN_OWN = 8;

/** As it is compared: without regard to case, and however its letters were typed. */
export const guessKey = (text: string): string => text.normalize('NFKC').toLowerCase();

/**
 * Why a password would be among the first that somebody tries; undefined where it would not.
 * @param isCommon whether it is known to be used by many, by its {@link guessKey}
 * @param names what the account is called: its username, its email address
 */
export const weaknessOf = (
  password: string,
  names: readonly string[],
  isCommon: (key: string) => boolean,
): string | undefined => {
  const key = guessKey(password);
  if (isCommon(key)) return 'is used by many, and among the first that others try';
  if (new Set(key).size < 3) return 'must not be one or two characters again and again';
  const parts = names.flatMap((name) => [guessKey(name), guessKey(name).split('@')[0] ?? '']);
  // the longest first, so that an address goes as a whole
  const own = parts
    .filter((part) => part.length > 0)
    .sort((a, b) => b.length - a.length)
    .reduce((left, part) => left.replaceAll(part, ''), key);
  return [...own].length < Math.min(MIN_OWN, [...key].length)
    ? 'must not be little more than your name'
    : undefined;
};
