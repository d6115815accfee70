type Names<E> = Exclude<keyof E & string, 'UNSPECIFIED' | 'UNRECOGNIZED'>;

/** Between a generated enum and the lower-case words that the database and the JSON doors use. */
export interface EnumText<E> {
  readonly words: readonly Lowercase<Names<E>>[];
  /** undefined for UNSPECIFIED and for what a newer sender knows and we don't */
  word(value: E[keyof E]): Lowercase<Names<E>> | undefined;
  value(word: Lowercase<Names<E>>): E[keyof E];
}

export const enumText = <E extends Record<string, string>>(type: E): EnumText<E> => {
  const names = Object.keys(type).filter((n) => n !== 'UNSPECIFIED' && n !== 'UNRECOGNIZED');
  const byWord = new Map(names.map((n) => [n.toLowerCase(), type[n]]));
  const byValue = new Map(names.map((n) => [type[n], n.toLowerCase()]));
  return {
    words: [...byWord.keys()] as Lowercase<Names<E>>[],
    word: (value) => byValue.get(value) as Lowercase<Names<E>> | undefined,
    value: (word) => byWord.get(word) as E[keyof E],
  };
};
