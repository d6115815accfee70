import {
  NotificationLevel,
  notificationLevelText,
  type Preferences,
  type RoomPreferences,
} from '@veche/contracts';
import type { Hint } from '../log/outbox.wire';
import { type NotificationLevel as Level, USUAL_LEVELS } from './preference.rules';
import type { PreferencesEntity } from './preferences.entity';
import type { PreferredRow, RoomPreferencesRow } from './preferences.repository';

const levelOf = (level: Level | null): NotificationLevel =>
  level === null ? NotificationLevel.UNSPECIFIED : notificationLevelText.value(level);

export const toRoomPreferences = (row: RoomPreferencesRow | PreferredRow): RoomPreferences => ({
  level: levelOf(row.level),
  muted: row.muted,
  mutedUntil: row.mutedUntil === null ? undefined : new Date(row.mutedUntil),
  favourite: row.favourite,
  hiddenSeq: row.hiddenSeq ?? undefined,
  revision: row.revision,
});

/** With what is usual in the place of what was not said. */
export const toPreferences = (row: PreferencesEntity | undefined): Preferences => ({
  publicLevel: levelOf(row?.publicLevel ?? USUAL_LEVELS.public),
  privateLevel: levelOf(row?.privateLevel ?? USUAL_LEVELS.private),
  directLevel: levelOf(row?.directLevel ?? USUAL_LEVELS.direct),
});

/** undefined: it is not to change; null: as is usual */
export const levelWished = (level: NotificationLevel | undefined): Level | null | undefined =>
  level === undefined ? undefined : (notificationLevelText.word(level) ?? null);

export const roomPreferencesChanged = (
  roomId: string,
  userId: string,
  preferences: RoomPreferences,
): { body: Hint } => ({
  body: { $case: 'roomPreferencesChanged', value: { roomId, userId, preferences } },
});

export const preferencesChanged = (userId: string, preferences: Preferences): { body: Hint } => ({
  body: { $case: 'preferencesChanged', value: { userId, preferences } },
});
