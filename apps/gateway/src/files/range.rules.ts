/** A part of a file, both ends included. */
export interface Part {
  readonly first: number;
  readonly last: number;
}

/**
 * What a `Range` asks for of so many bytes. Several parts at once are answered with all of it, as RFC 9110 lets a server.
 * @returns undefined: all of it
 */
export const partOf = (range: string | undefined, size: number): Part | 'not_satisfiable' | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'not_satisfiable' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first < size ? { first, last } : 'not_satisfiable';
};
