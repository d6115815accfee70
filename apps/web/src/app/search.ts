/** What may stand behind the `?` of an address of ours. */
export interface Search {
  /** A path of ours to go on to. */
  then?: string;
  /** The number of a message to look at; 0 where what was asked for can be none. */
  at?: number;
}

/** Any origin will do: a path that leads away from it would lead away from ours. */
const HERE = 'http://here.invalid';

/** A path of ours, as a browser would go to it; undefined for whatever leads elsewhere. */
const ours = (path: string): string | undefined => {
  if (!path.startsWith('/') || !URL.canParse(path, HERE)) return undefined;
  const { origin, pathname, search, hash } = new URL(path, HERE);
  // `/.//elsewhere` is of this origin, and what is left of it is not
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : undefined;
};

const numberOf = (text: string): number => {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(number) ? number : 0;
};

/**
 * Reads what the router shows to pages. It merges what their own checks leave over what is in the address, so that a
 * value that was refused there would be back: nothing but this is let in at all.
 */
export const readSearch = (text: string): Search => {
  const given = new URLSearchParams(text);
  const [then, at] = [ours(given.get('then') ?? ''), given.get('at')];
  return { ...(then !== undefined && { then }), ...(at !== null && { at: numberOf(at) }) };
};
