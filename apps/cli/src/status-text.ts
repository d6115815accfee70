import type { Presence, StatusChange } from '@veche/client';
import { printable } from './terminal';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time from now, or one as it is. @returns undefined where it is neither */
export const momentOf = (text: string, now: number): string | undefined => {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (count !== undefined)
    return new Date(now + Number(count) * UNITS[unit as keyof typeof UNITS]).toISOString();
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};

const WORDS = { online: 'online', away: 'away', dnd: 'do not disturb', offline: 'off line' };

/** How somebody is shown, in one line. */
export const statusText = ({ availability, status }: Presence): string => {
  const until = status?.until && `until ${new Date(status.until).toLocaleString()}`;
  const said = [status?.emoji, status?.text && printable(status.text).replace(/\s+/gu, ' '), until]
    .filter(Boolean)
    .join(' ');
  return [WORDS[availability], said].filter(Boolean).join(' · ');
};

/** What is said in one line: an emoji where it begins with one, and a text. */
export const statusOf = (line: string): StatusChange => {
  const [, emoji, text] = /^(\p{Extended_Pictographic}\S*)?\s*(.*)$/su.exec(line) ?? [];
  return { emoji: emoji || undefined, text: text || undefined };
};
