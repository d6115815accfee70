import skeletonOf from 'unhomoglyph';

/** What is not seen makes no difference between two names. */
const IGNORED = /\p{Default_Ignorable_Code_Point}/gu;

/** UTS 39, 4: the skeleton of a text, the same for all that look like it; with the forms that NFKC takes for one. */
const skeleton = (text: string): string =>
  skeletonOf(text.normalize('NFKD').replace(IGNORED, '')).normalize('NFKD');

/**
 * What a name looks like, without regard to case: names whose looks are the same are taken for each other. For
 * comparing and nothing else: it is no text for people (`m` looks like `rn`, and both are `rn` here).
 */
export const look = (name: string): string => skeleton(name).toLowerCase();

/**
 * All that a name looks like in one case or another: as it is written, where `I` is taken for `l`, and in small
 * letters, where it is not. Two names that share one of these must not stand beside each other.
 */
export const looks = (name: string): string[] => [...new Set([look(name), look(name.toLowerCase())])].sort();
