import {
  type GetPreferencesRequest,
  type GetRoomPreferencesRequest,
  NotificationLevel,
  type UpdatePreferencesRequest,
  type UpdateRoomPreferencesRequest,
} from '@veche/contracts';
import { IsBoolean, IsIn } from 'class-validator';
import { Id, Optional, Time } from './fields';

const Level = (): PropertyDecorator =>
  IsIn(
    [
      NotificationLevel.UNSPECIFIED,
      NotificationLevel.ALL,
      NotificationLevel.MENTIONS,
      NotificationLevel.NOTHING,
    ],
    { message: '$property must be default, all, mentions or nothing' },
  );

export class GetRoomPreferencesDto implements GetRoomPreferencesRequest {
  @Id() roomId!: string;
}

/** What is left out stays. */
export class UpdateRoomPreferencesDto implements UpdateRoomPreferencesRequest {
  @Id() roomId!: string;
  /** Of which messages you are notified. */
  @Optional() @Level() level?: NotificationLevel;
  /** Whether nothing in the room calls you. */
  @Optional() @IsBoolean() muted?: boolean;
  /**
   * With `muted` alone: when that ends by itself, within a year; never, where it is left out.
   * @example "2027-01-02T08:00:00Z"
   */
  @Optional() @Time() mutedUntil?: Date;
  /** Whether the room stands before others. */
  @Optional() @IsBoolean() favourite?: boolean;
  /** Of a direct room: whether it is out of sight until its next message. */
  @Optional() @IsBoolean() hidden?: boolean;
}

export class GetPreferencesDto implements GetPreferencesRequest {}

/** What is left out stays. */
export class UpdatePreferencesDto implements UpdatePreferencesRequest {
  @Optional() @Level() publicLevel?: NotificationLevel;
  @Optional() @Level() privateLevel?: NotificationLevel;
  @Optional() @Level() directLevel?: NotificationLevel;
}
