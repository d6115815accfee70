import { tidyEmoji } from '@veche/client';
import type { CompactEmoji } from 'emojibase';
import type { Language } from '../appearance/preferences';

/** One emoji as a language names it. */
export interface NamedEmoji {
  emoji: string;
  label: string;
  /** Other words by which it may be looked for. */
  tags: readonly string[];
  group: GroupName;
}

/** The groups of Unicode by the numbers that they have in the data, without the one of tones of skin and of hair. */
const GROUPS = {
  0: 'smileys',
  1: 'people',
  3: 'nature',
  4: 'food',
  5: 'travel',
  6: 'activities',
  7: 'objects',
  8: 'symbols',
  9: 'flags',
} as const;
export type GroupName = (typeof GROUPS)[keyof typeof GROUPS];
export const GROUP_NAMES: readonly GroupName[] = Object.values(GROUPS);

const named = (data: readonly CompactEmoji[]): NamedEmoji[] =>
  data.flatMap(({ unicode, label, tags = [], group }) => {
    const name = (GROUPS as Partial<Record<number, GroupName>>)[group ?? -1];
    return name ? [{ emoji: tidyEmoji(unicode), label, tags, group: name }] : [];
  });

/** Tens of kilobytes for each language: they come when somebody first looks for an emoji. */
export const EMOJI: Record<Language, () => Promise<readonly NamedEmoji[]>> = {
  en: () => import('emojibase-data/en/compact.json').then((data) => named(data.default)),
  ru: () => import('emojibase-data/ru/compact.json').then((data) => named(data.default)),
};

const plain = (text: string): string => text.toLowerCase().replaceAll('ё', 'е');

/** How well an emoji is what somebody looks for by its beginning: 0 is best; undefined where it is not. */
const rank = ({ label, tags }: NamedEmoji, words: readonly string[]): number | undefined => {
  const name = plain(label);
  const said = name.split(/[^\p{L}\p{N}]+/u);
  const all = [...said, ...tags.map(plain)];
  if (!words.every((word) => all.some((one) => one.startsWith(word)))) return undefined;
  if (name.startsWith(words.join(' '))) return 0;
  return words.every((word) => said.some((one) => one.startsWith(word))) ? 1 : 2;
};

/** Those that a text names, best first: each of its words begins one of theirs. */
export const findEmoji = (emoji: readonly NamedEmoji[], text: string): NamedEmoji[] => {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const ranks = new Map(emoji.map((one) => [one, rank(one, words)]));
  const at = (one: NamedEmoji): number => ranks.get(one) ?? Infinity;
  return emoji.filter((one) => ranks.get(one) !== undefined).sort((a, b) => at(a) - at(b));
};
