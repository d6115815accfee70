type Names<E> = Exclude<keyof E & string, 'UNSPECIFIED' | 'UNRECOGNIZED'>;

/** ROOM_LINK is roomLink. */
type Word<N extends string> = N extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<Word<Rest>>}`
  : Lowercase<N>;

/** Between a generated enum and the words that the database and the JSON doors use. */
export interface EnumText<E> {
  readonly words: readonly Word<Names<E>>[];
  /** undefined for UNSPECIFIED and for what a newer sender knows and we don't */
  word(value: E[keyof E]): Word<Names<E>> | undefined;
  value(word: Word<Names<E>>): E[keyof E];
}

const wordOf = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_whole, letter: string) => letter.toUpperCase());

export const enumText = <E extends Record<string, string>>(type: E): EnumText<E> => {
  const names = Object.keys(type).filter((n) => n !== 'UNSPECIFIED' && n !== 'UNRECOGNIZED');
  const byWord = new Map(names.map((n) => [wordOf(n), type[n]]));
  const byValue = new Map(names.map((n) => [type[n], wordOf(n)]));
  return {
    words: [...byWord.keys()] as Word<Names<E>>[],
    word: (value) => byValue.get(value) as Word<Names<E>> | undefined,
    value: (word) => byWord.get(word) as E[keyof E],
  };
};
