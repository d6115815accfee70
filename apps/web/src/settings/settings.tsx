import { KeyRound, MonitorSmartphone, SlidersHorizontal, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { Sections } from '../shell/sections';
import style from './settings.module.css';

export const Settings = (): ReactNode => {
  const { settings } = useMessages();
  const sections = [
    { to: '/settings/profile', name: settings.profile, icon: <UserRound size={18} /> },
    { to: '/settings/password', name: settings.password, icon: <KeyRound size={18} /> },
    { to: '/settings/sessions', name: settings.sessions, icon: <MonitorSmartphone size={18} /> },
    { to: '/settings/preferences', name: settings.preferences, icon: <SlidersHorizontal size={18} /> },
  ] as const;
  return <Sections title={settings.title} sections={sections} />;
};

/** One page of the settings. */
export const Section = ({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children: ReactNode;
}): ReactNode => (
  <section className={style.section}>
    <div>
      <h2 className={style.heading}>{title}</h2>
      <p className={style.text}>{text}</p>
    </div>
    {children}
  </section>
);
