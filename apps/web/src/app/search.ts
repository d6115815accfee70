import { type Has, HAS, MAX_SEARCH } from '@veche/client';

/** What may stand behind the `?` of an address of ours. */
export interface Search {
  /** A path of ours to go on to. */
  then?: string;
  /** The number of a message to look at; 0 where what was asked for can be none. */
  at?: number;
  /** The number of a message whose thread is to be shown. */
  thread?: number;
  /** What messages are searched for, as it was typed. */
  q?: string;
  /** The only room to search in. */
  room?: string;
  has?: Has[];
  order?: 'newest';
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

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
  const thread = numberOf(given.get('thread') ?? '');
  const q = given.get('q')?.slice(0, MAX_SEARCH);
  const room = given.get('room');
  const has = HAS.filter((one) => given.get('has')?.split(',').includes(one));
  return {
    ...(then !== undefined && { then }),
    ...(at !== null && { at: numberOf(at) }),
    ...(thread > 0 && { thread }),
    ...(q && { q }),
    ...(room !== null && ID.test(room) && { room }),
    ...(has.length > 0 && { has }),
    ...(given.get('order') === 'newest' && { order: 'newest' }),
  };
};

/** The same as it stands in an address: a text is that text, also where it looks like a number or like JSON. */
export const writeSearch = (
  search: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string => {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== undefined) given.set(name, String(value));
  return given.size > 0 ? `?${given}` : '';
};
