import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export const LANGUAGES = ['en', 'ru'] as const;

export type Theme = (typeof THEMES)[number];
export type Language = (typeof LANGUAGES)[number];

/** What somebody has chosen on this device. What they have not chosen is the system's. */
export interface Preferences {
  theme: Theme;
  language: Language | 'system';
  notifications: boolean;
}

// public/appearance.js reads it too, before anything is painted
const KEY = 'veche.preferences';
const UNSET: Preferences = { theme: 'system', language: 'system', notifications: false };

const stored = (): Preferences => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return { ...UNSET, ...(value as Partial<Preferences>) };
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
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // without storage it holds until the page is closed
  }
  show();
};

// another tab has chosen
window.addEventListener('storage', ({ key }) => {
  if (key !== KEY) return;
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
  const wanted = navigator.languages.map((tag) => tag.split('-')[0]);
  return (
    LANGUAGES.find((ours) => ours === wanted.find((tag) => LANGUAGES.some((one) => one === tag))) ?? 'en'
  );
};
