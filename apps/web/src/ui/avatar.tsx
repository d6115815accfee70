import type { ReactNode } from 'react';
import style from './avatar.module.css';

const HUES = 10;

/** The same somebody has the same colour everywhere. */
const hueOf = (id: string): number => {
  // FNV-1a, whose upper bits are the better mixed ones
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 12) % HUES;
};

/** What a reader takes for the first letter of a word; without the data for that, its first character. */
const firstLetter: (word: string) => string = (() => {
  try {
    const segments = new Intl.Segmenter();
    return (word) => [...segments.segment(word)][0]?.segment ?? '';
  } catch {
    return (word) => [...word][0] ?? '';
  }
})();

const initialsOf = (name: string): string => {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? name];
  return chosen
    .map((word) => firstLetter(word ?? ''))
    .join('')
    .toLocaleUpperCase();
};

export type TileSize = 'tiny' | 'small' | 'medium' | 'large';

interface TileProps {
  /** Whose it is: decides the colour. */
  id: string;
  /** People are round. */
  shape: 'round' | 'square';
  size: TileSize;
  children: ReactNode;
}

/** A coloured tile. Always beside a name, so that nobody needs to hear it. */
export const Tile = ({ id, shape, size, children }: TileProps): ReactNode => (
  <span className={`${style.tile} ${style[shape]} ${style[size]}`} data-hue={hueOf(id)} aria-hidden>
    {children}
  </span>
);

interface AvatarProps {
  /** Whose it is: decides the colour. */
  id: string;
  name: string;
  size?: TileSize;
}

/** Somebody's initials. */
export const Avatar = ({ id, name, size = 'medium' }: AvatarProps): ReactNode => (
  <Tile id={id} shape="round" size={size}>
    {initialsOf(name)}
  </Tile>
);
