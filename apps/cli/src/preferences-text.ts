import { isMuted, type RoomPreferences } from '@veche/client';

const LEVELS = { all: 'all messages', mentions: 'mentions only', nothing: 'nothing' };

/** How somebody has a chat, in one line. */
export const preferencesText = (preferences: RoomPreferences, now: number): string => {
  const { level, mutedUntil, favourite, hiddenSeq } = preferences;
  return [
    `notified of ${level ? LEVELS[level] : 'what is usual'}`,
    isMuted(preferences, now) &&
      (mutedUntil ? `muted until ${new Date(mutedUntil).toLocaleString()}` : 'muted'),
    favourite && 'a favourite',
    hiddenSeq !== undefined && 'hidden until its next message',
  ]
    .filter(Boolean)
    .join(', ');
};
