import {
  NotificationLevel,
  notificationLevelText,
  type Preferences,
  type RoomPreferences,
  type UpdatePreferencesRequest,
  type UpdateRoomPreferencesRequest,
} from '@veche/contracts';
import type * as json from '@veche/protocol';
import { isoTime } from '../iso-time';
import type { PreferencesBody, RoomPreferencesBody } from './preferences.dto';

/** What is undefined, JSON leaves out. */
export const roomPreferencesToJson = (preferences: RoomPreferences | undefined): json.RoomPreferences =>
  preferences
    ? {
        level: notificationLevelText.word(preferences.level),
        muted: preferences.muted || undefined,
        mutedUntil: preferences.mutedUntil && isoTime(preferences.mutedUntil),
        favourite: preferences.favourite || undefined,
        hiddenSeq: preferences.hiddenSeq,
        revision: preferences.revision || undefined,
      }
    : {};

export const preferencesToJson = (preferences: Preferences | undefined): json.Preferences => {
  const [publicLevel, privateLevel, directLevel] = [
    preferences?.publicLevel,
    preferences?.privateLevel,
    preferences?.directLevel,
  ].map((level) => level && notificationLevelText.word(level));
  if (!publicLevel || !privateLevel || !directLevel) throw new Error('preferences came without a level');
  return { publicLevel, privateLevel, directLevel };
};

const levelFromJson = (
  level: json.NotificationLevel | 'default' | undefined,
): NotificationLevel | undefined =>
  level && (level === 'default' ? NotificationLevel.UNSPECIFIED : notificationLevelText.value(level));

export const roomPreferencesFromJson = (
  roomId: string,
  { level, ...rest }: RoomPreferencesBody,
): UpdateRoomPreferencesRequest => ({ roomId, ...rest, level: levelFromJson(level) });

export const preferencesFromJson = (body: PreferencesBody): UpdatePreferencesRequest => ({
  publicLevel: levelFromJson(body.publicLevel),
  privateLevel: levelFromJson(body.privateLevel),
  directLevel: levelFromJson(body.directLevel),
});
