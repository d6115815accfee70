import { useSyncExternalStore } from 'react';
import { kept } from '../device/kept';
import { languageOf, spokenTags } from '../device/languages';
import { type SectionName, SECTIONS } from '../side/section-names';

export const THEMES = ['system', 'light', 'dark'] as const;
export const LANGUAGES = ['en', 'ru'] as const;

export type Theme = (typeof THEMES)[number];
export type Language = (typeof LANGUAGES)[number];

/** What somebody has chosen on this device. What they have not chosen is the system's. */
export interface Preferences {
  theme: Theme;
  language: Language | 'system';
  notifications: boolean;
  /** Whether the list of rooms shows what was said last. */
  previews: boolean;
  /** The sections of that list of which only the titles are shown. */
  folded: readonly SectionName[];
}

// public/appearance.js reads it too, before anything is painted
const KEY = 'veche.preferences';
const UNSET: Preferences = {
  theme: 'system',
  language: 'system',
  notifications: false,
  previews: false,
  folded: [],
};

const oneOf = <T>(known: readonly T[], value: unknown, otherwise: T): T =>
  known.find((one) => one === value) ?? otherwise;

const stored = (): Preferences => {
  try {
    const { theme, language, notifications, previews, folded } = JSON.parse(kept.get(KEY) ?? '{}') as Record<
      string,
      unknown
    >;
    return {
      theme: oneOf(THEMES, theme, UNSET.theme),
      language: oneOf<Preferences['language']>(LANGUAGES, language, UNSET.language),
      notifications: notifications === true,
      previews: previews === true,
      folded: SECTIONS.filter((name) => Array.isArray(folded) && folded.includes(name)),
    };
  } catch {
    return UNSET;
  }
};

let current = stored();
const listeners = new Set<() => void>();

const show = (): void => {
  if (current.theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current.theme;
  listeners.forEach((tell) => tell());
};

export const preferences = (): Preferences => current;

export const prefer = (changes: Partial<Preferences>): void => {
  current = { ...current, ...changes };
  kept.set(KEY, JSON.stringify(current));
  show();
};

// another tab has chosen
kept.subscribe((key) => {
  if (key !== undefined && key !== KEY) return;
  current = stored();
  show();
});

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences);

/** What to speak: what was chosen here, or else the first language of the browser that we have. */
export const spokenLanguage = ({ language }: Preferences): Language => {
  if (language !== 'system') return language;
  const wanted = spokenTags().map(languageOf);
  return (
    LANGUAGES.find((ours) => ours === wanted.find((tag) => LANGUAGES.some((one) => one === tag))) ?? 'en'
  );
};
