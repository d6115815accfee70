import { createContext, type ReactNode, use, useContext, useDeferredValue, useEffect } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { type Language, spokenLanguage, usePreferences } from '../appearance/preferences';
import type { Messages } from './en';
import { Formats } from './formats';
import { isolating } from './isolated';

export const CATALOGUES: Record<Language, () => Promise<Messages>> = {
  en: () => import('./en').then(({ en }) => en),
  ru: () => import('./ru').then(({ ru }) => ru),
};

interface Speech {
  messages: Messages;
  formats: Formats;
}

const loaded = new Map<Language, Promise<Speech>>();

const speechIn = (language: Language): Promise<Speech> => {
  let speech = loaded.get(language);
  if (!speech) {
    speech = CATALOGUES[language]().then((catalogue) => ({
      messages: isolating(catalogue),
      formats: new Formats(language),
    }));
    loaded.set(language, speech);
  }
  return speech;
};

const SpeechContext = createContext<Speech | undefined>(undefined);

const useSpeech = (): Speech => {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('there is no <Speaking> above');
  return speech;
};

/** What the client says, in the language of whoever reads it: `useMessages().shell.logOut`. */
export const useMessages = (): Messages => useSpeech().messages;

/** Times, days and numbers as that language writes them. */
export const useFormats = (): Formats => useSpeech().formats;

/** Gives everything below it a language: the chosen one, or the browser's. Suspends until its catalogue is there. */
export const Speaking = ({ children }: { children: ReactNode }): ReactNode => {
  // deferred: the page stays as it is until the other catalogue has come
  const language = useDeferredValue(spokenLanguage(usePreferences()));
  const speech = use(speechIn(language));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <I18nProvider locale={language === 'ru' ? 'ru-RU' : 'en-US'}>
      <SpeechContext value={speech}>{children}</SpeechContext>
    </I18nProvider>
  );
};
