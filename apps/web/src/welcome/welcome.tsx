import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { LANGUAGES, prefer, spokenLanguage, usePreferences } from '../appearance/preferences';
import { useMessages } from '../i18n/i18n';
import { Notice } from '../ui/notice';
import style from './welcome.module.css';

// each in its own words, for who does not read the other
const NAMES = { en: 'English', ru: 'Русский' };

interface WelcomeProps {
  title: string;
  children: ReactNode;
  /** The way to the other form. */
  other: ReactNode;
}

/** The frame of what one sees before one is logged in. */
export const Welcome = ({ title, children, other }: WelcomeProps): ReactNode => {
  const messages = useMessages();
  const language = spokenLanguage(usePreferences());
  return (
    <main className={style.page}>
      <div className={style.card}>
        <div className={style.brand}>
          <img src="/favicon.svg" alt="" />
          <div>
            <strong>{PRODUCT}</strong>
            {messages.welcome.tagline}
          </div>
        </div>
        <div className={style.box}>
          <h1 className={style.title}>{title}</h1>
          {!navigator.cookieEnabled && <Notice kind="info">{messages.welcome.noCookies}</Notice>}
          {children}
        </div>
        <p className={style.other}>{other}</p>
        <div className={style.foot}>
          {LANGUAGES.map((one) => (
            <AriaButton
              key={one}
              lang={one}
              className={style.language ?? ''}
              aria-pressed={one === language}
              onPress={() => prefer({ language: one })}
            >
              {NAMES[one]}
            </AriaButton>
          ))}
        </div>
      </div>
    </main>
  );
};

const PRODUCT = 'Veche';
