import { OmitType } from '@nestjs/swagger';
import { Optional, Time, UpdateRoomPreferencesDto } from '@veche/dto';
import type {
  NotificationLevel,
  Preferences,
  PreferencesChange,
  RoomPreferences,
  RoomPreferencesChange,
} from '@veche/protocol';
import { IsIn } from 'class-validator';

const WISHES = ['default', 'all', 'mentions', 'nothing'];

/** What is left out stays. */
export class RoomPreferencesBody
  extends OmitType(UpdateRoomPreferencesDto, ['roomId', 'level', 'mutedUntil'] as const)
  implements Omit<RoomPreferencesChange, 'mutedUntil'>
{
  /** Of which messages you are notified: `default` as you have it with rooms of that kind. */
  @Optional() @IsIn(WISHES) level?: NotificationLevel | 'default';
  /**
   * With `muted: true` alone: when that ends by itself, within a year; never, where it is left out.
   * @example "2027-01-02T08:00:00Z"
   */
  @Optional() @Time() mutedUntil?: Date;
}

/** What is left out stays; `default` is what is usual. */
export class PreferencesBody implements PreferencesChange {
  /** Of what you are notified in public rooms. */
  @Optional() @IsIn(WISHES) publicLevel?: NotificationLevel | 'default';
  /** And in private ones. */
  @Optional() @IsIn(WISHES) privateLevel?: NotificationLevel | 'default';
  /** And in direct ones. */
  @Optional() @IsIn(WISHES) directLevel?: NotificationLevel | 'default';
}

/** How you want to have a room. What you never changed is left out. */
export class RoomPreferencesDto implements RoomPreferences {
  /** Of what you are notified; left out: as you have it with rooms of that kind. */
  level?: 'all' | 'mentions' | 'nothing';
  /** Nothing in it calls you. */
  muted?: true;
  /**
   * When that ends by itself; left out: never.
   * @example "2027-01-02T08:00:00.000Z"
   */
  mutedUntil?: string;
  /** It stands before others. */
  favourite?: true;
  /**
   * Of a direct room: it is out of sight as long as it has no message with a greater number.
   * @example 41
   */
  hiddenSeq?: number;
  /**
   * How often you have changed what is yours in this room, other than by reading on; left out: never. Of two states the one
   * with more is the newer.
   * @example 3
   */
  revision?: number;
}

/** How you want to have rooms of which you have said nothing else. */
export class PreferencesDto implements Preferences {
  /** Of what you are notified in public rooms. */
  publicLevel!: 'all' | 'mentions' | 'nothing';
  /** And in private ones. */
  privateLevel!: 'all' | 'mentions' | 'nothing';
  /** And in direct ones. */
  directLevel!: 'all' | 'mentions' | 'nothing';
}
