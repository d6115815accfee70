import { type Has, HAS } from '@veche/protocol';
import { hasOf } from './has.rules';
import { spansOf } from './span.rules';
import { touches, tokensOf } from './tokens';

/** A lexeme as PostgreSQL reads it within a tsvector or a tsquery. */
export const quoted = (lexeme: string): string => `'${lexeme.replace(/['\\]/g, '$&$&')}'`;

/** What all forms of a word share. No word begins so. */
export const ofStem = (stem: string): string => `~${stem}`;

/** The end of an id is random. Two that end alike cost a look at a row, which is of one of them. */
const short = (id: string): string => id.slice(-12);

// no word has a colon in it
export const ofRoom = (roomId: string): string => `r:${short(roomId)}`;
export const ofAuthor = (userId: string): string => `a:${short(userId)}`;
export const ofHas = (has: Has): string => `h:${has}`;
export const ofSpan = (level: number, span: number): string => `t${level}:${span}`;

export interface Indexed {
  readonly roomId: string;
  readonly actorId: string;
  readonly at: Date;
  readonly text: string;
}

/**
 * A message as the index has it, as the text of a tsvector: each word where it stands, its stem where that is another
 * one, pairs of characters of scripts without spaces; and, so that no filter has to look at what the index found,
 * its room, its author, the spans of time that it is in and what it has.
 */
export const vectorOf = ({ roomId, actorId, at, text }: Indexed): string => {
  const places = new Map<string, number[]>();
  const put = (lexeme: string, place: number): void => {
    const known = places.get(lexeme);
    if (known) known.push(place);
    else places.set(lexeme, [place]);
  };
  const tokens = tokensOf(text);
  for (const [i, token] of tokens.entries()) {
    put(token.text, i + 1);
    if (token.stem !== token.text) put(ofStem(token.stem), i + 1);
    const next = tokens[i + 1];
    if (next && touches(token, next)) put(token.text + next.text, i + 1);
  }
  const words = [...places].map(([lexeme, at]) => `${quoted(lexeme)}:${at.join(',')}`);
  const filters = [
    ofRoom(roomId),
    ofAuthor(actorId),
    ...spansOf(at).map((span, level) => ofSpan(level, span)),
    ...HAS.filter((has) => hasOf(text, has)).map(ofHas),
  ];
  return [...words, ...filters.map(quoted)].join(' ');
};
