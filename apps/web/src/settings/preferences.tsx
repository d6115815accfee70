import type { ReactNode } from 'react';
import { LANGUAGES, prefer, THEMES, usePreferences } from '../appearance/preferences';
import { usePageTitle } from '../app/page-title';
import { useMessages } from '../i18n/i18n';
import { notifier } from '../notifications/notifier';
import { Choice, Switch } from '../ui/choice';
import { Section } from './settings';

const LANGUAGE_NAMES = { en: 'English', ru: 'Русский' };

export const Preferences = (): ReactNode => {
  const { settings } = useMessages();
  const { theme, language, notifications, previews } = usePreferences();
  usePageTitle(settings.preferences);
  const given = notifier();
  const cannot = !given || given.permission === 'denied';
  const notify = async (on: boolean): Promise<void> => {
    prefer({ notifications: on && (await given?.requestPermission()) === 'granted' });
  };
  return (
    <Section title={settings.preferences} text={settings.preferencesText}>
      <Choice
        label={settings.theme}
        value={theme}
        options={THEMES.map((value) => ({ value, name: settings.themes[value] }))}
        onChange={(value) => prefer({ theme: value })}
      />
      <Choice
        label={settings.languageLabel}
        value={language}
        options={[
          { value: 'system', name: settings.systemLanguage },
          ...LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value], lang: value })),
        ]}
        onChange={(value) => prefer({ language: value })}
      />
      <Switch
        label={settings.previews}
        hint={settings.previewsText}
        isSelected={previews}
        onChange={(on) => prefer({ previews: on })}
      />
      <Switch
        label={settings.desktop}
        hint={!given ? settings.desktopMissing : cannot ? settings.desktopDenied : settings.desktopText}
        isSelected={notifications && !cannot}
        isDisabled={cannot}
        onChange={notify}
      />
    </Section>
  );
};
