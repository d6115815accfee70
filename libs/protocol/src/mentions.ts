import { fold } from './names';

/** Whom or what a message names, as it was found when the message was written. */
export interface Mention {
  /** Somebody, everybody in the room, everybody who is there, or another room. */
  kind: 'user' | 'room' | 'here' | 'roomLink';
  /** Of a user and a linked room: which. It stays right whatever they are called later. */
  id?: string;
  /** Of a user and a linked room: what stands in the text behind its sign, without regard to case. */
  name?: string;
}

/** So many mentions may one message have; what is named after them is text. */
export const MAX_MENTIONS = 50;

/** How long a name may be. */
const LENGTHS = { '@': { min: 3, max: 32 }, '#': { min: 1, max: 64 } } as const;

/** A name behind its sign, where one may stand. */
export interface WrittenName {
  readonly sign: '@' | '#';
  /** Where the sign stands, in UTF-16 units. */
  readonly start: number;
  /** What may be meant, the longest first, and where it ends: what ends a sentence may be a part of a name, or not. */
  readonly names: readonly { readonly name: string; readonly end: number }[];
}

/**
 * Not behind a letter, as in an address of mail, nor behind a sign that makes it part of something else. Letters without
 * case end no word: there is no space between words in Chinese and Japanese.
 */
const SIGN =
  /(?<![\p{Lu}\p{Ll}\p{Lt}\p{N}+%@#&=\\])(?:@(?<user>[A-Za-z][\w.-]*)|#(?<room>[\p{L}\p{N}][\p{L}\p{N}\p{M}_.+'’&-]*))/gu;
/** What would make it another name: `@anna@example.org`, `@annaé`. */
const GOES_ON = /^[\p{Lu}\p{Ll}\p{Lt}\p{N}@]/u;
const TRAILING = /[_.+'’&-]+$/u;

/** A room's name as one writes it behind `#`, where no space can stand. */
export const roomLinkName = (name: string): string => fold(name).replaceAll(' ', '-');

/** The names behind signs in a text that is no code and no address. */
export const namesIn = (text: string): WrittenName[] => {
  const found: WrittenName[] = [];
  for (const { 0: whole, index: start, groups } of text.matchAll(SIGN)) {
    const after = [...text.slice(start + whole.length, start + whole.length + 2)][0] ?? '';
    if (whole.length > 2 * LENGTHS['#'].max || GOES_ON.test(after)) continue;
    const sign = groups?.user === undefined ? '#' : '@';
    const names = [...new Set([whole, whole.replace(TRAILING, '')])].flatMap((typed) => {
      const name = sign === '@' ? typed.slice(1).toLowerCase() : roomLinkName(typed.slice(1));
      const { min, max } = LENGTHS[sign];
      return name.length >= min && name.length <= max ? [{ name, end: start + typed.length }] : [];
    });
    if (names.length > 0) found.push({ sign, start, names });
  }
  return found;
};

const blank = (text: string): string => ' '.repeat(text.length);

/** A line that begins a block of code, also within a quotation or a list. */
const FENCE = /^(?<around>[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)])[ \t]*)*)(?<marks>`{3,})[^`]*$/;
const ADDRESS = /(?<![\p{Lu}\p{Ll}\p{Lt}\p{N}@+.-])(?:https?:\/\/|www\.)\S+/giu;
const LINK = /\[[^[\]\n]*\]\((?:https?:|mailto:)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)/giu;

/** Blanks what stands between equal runs of backquotes. */
const withoutCodeSpans = (paragraph: string): string => {
  const runs = [...paragraph.matchAll(/(?<!\\)`+/g)].map(({ 0: { length }, index }) => ({ length, index }));
  const next = new Map<number, number>();
  const closes = runs.map(() => -1);
  for (let i = runs.length - 1; i >= 0; i--) {
    const { length } = runs[i]!;
    closes[i] = next.get(length) ?? -1;
    next.set(length, i);
  }
  let seen = '';
  let at = 0;
  for (let i = 0; i < runs.length; i++) {
    const end = closes[i]!;
    if (end < 0) continue;
    const after = runs[end]!.index + runs[end]!.length;
    seen += paragraph.slice(at, runs[i]!.index) + blank(paragraph.slice(runs[i]!.index, after));
    at = after;
    i = end;
  }
  return seen + paragraph.slice(at);
};

/** A text with blanks in the place of code and of links, as long as it was. */
const withoutCodeAndLinks = (text: string): string => {
  const parts: string[] = [];
  let paragraph: string[] = [];
  const finish = (): void => {
    if (paragraph.length > 0) parts.push(withoutCodeSpans(paragraph.join('\n')));
    paragraph = [];
  };
  let fence: { marks: string; isQuoted: boolean } | undefined;
  for (const line of text.split('\n')) {
    if (fence?.isQuoted && !/^[ \t]*>/.test(line)) fence = undefined;
    if (fence) {
      parts.push(blank(line));
      const [, marks] = /^[ \t>]*(`{3,})[ \t]*$/.exec(line) ?? [];
      if (marks && marks.length >= fence.marks.length) fence = undefined;
      continue;
    }
    const opened = FENCE.exec(line)?.groups;
    if (opened) {
      finish();
      parts.push(blank(line));
      fence = { marks: opened.marks ?? '', isQuoted: opened.around?.includes('>') ?? false };
    } else if (line.trim() === '') {
      finish();
      parts.push(line);
    } else paragraph.push(line);
  }
  finish();
  return parts.join('\n').replace(LINK, blank).replace(ADDRESS, blank);
};

/**
 * The names that a message may mention, outside of code, addresses and links, at most {@link MAX_MENTIONS}. Never
 * throws, whatever the text; its time grows with the length of the text.
 */
export const namesInMessage = (text: string): WrittenName[] =>
  // almost every message ends here
  /[@#]/.test(text) ? namesIn(withoutCodeAndLinks(text)).slice(0, MAX_MENTIONS) : [];

/** What is known of the names in a message when it is written. */
export interface KnownNames {
  /** Members of the room, by their usernames in lower case. */
  readonly users: ReadonlyMap<string, string>;
  /** Rooms that the author may see, by {@link roomLinkName}. */
  readonly rooms: ReadonlyMap<string, string>;
  /** Whether the author may call everybody. */
  readonly mayCallAll: boolean;
}

/** What a message mentions, each once, in the order of its text. What nobody knows by that name stays text. */
export const resolveMentions = (written: readonly WrittenName[], known: KnownNames): Mention[] => {
  const found = new Map<string, Mention>();
  for (const { sign, names } of written) {
    const mention = names.map(({ name }) => resolve(sign, name, known)).find(Boolean);
    if (mention) found.set(JSON.stringify(mention), mention);
  }
  return [...found.values()];
};

const resolve = (sign: '@' | '#', name: string, known: KnownNames): Mention | undefined => {
  if (sign === '@' && (name === 'room' || name === 'here'))
    return known.mayCallAll ? { kind: name } : undefined;
  const id = (sign === '@' ? known.users : known.rooms).get(name);
  return id === undefined ? undefined : { kind: sign === '@' ? 'user' : 'roomLink', id, name };
};

/** Whether a message calls somebody. Nobody calls themselves. */
export const calls = (
  message: { readonly actorId: string; readonly mentions?: readonly Mention[] },
  userId: string,
): boolean =>
  message.actorId !== userId &&
  (message.mentions ?? []).some(({ kind, id }) =>
    kind === 'user' ? id === userId : kind === 'room' || kind === 'here',
  );

/** A part of a text: what stands between mentions, or one of them as it was typed. */
export type TextPart = string | { readonly text: string; readonly mention: Mention };

/** A text that is no code and no address, with the mentions of its message in their places. */
export const withMentions = (text: string, mentions: readonly Mention[]): TextPart[] => {
  if (mentions.length === 0) return [text];
  const parts: TextPart[] = [];
  let at = 0;
  for (const { sign, names, start } of namesIn(text)) {
    const [found] = names.flatMap(({ name, end }) => {
      const mention = mentions.find((one) => stands(one, sign, name));
      return mention ? [{ mention, end }] : [];
    });
    if (!found) continue;
    if (start > at) parts.push(text.slice(at, start));
    parts.push({ text: text.slice(start, found.end), mention: found.mention });
    at = found.end;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
};

const stands = ({ kind, name: written }: Mention, sign: '@' | '#', name: string): boolean => {
  switch (kind) {
    case 'user':
      return sign === '@' && written === name;
    case 'roomLink':
      return sign === '#' && written === name;
    default:
      return sign === '@' && kind === name;
  }
};
