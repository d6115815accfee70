import { OmitType } from '@nestjs/swagger';
import { Optional, SetStatusDto, Time } from '@veche/dto';
import { MAX_WATCHED, type Presence, type Status } from '@veche/protocol';
import { ArrayMaxSize, IsBoolean, IsIn, IsUUID } from 'class-validator';

/** All of it: what is left out is taken back. */
export class StatusBody extends OmitType(SetStatusDto, ['availability', 'until'] as const) {
  /**
   * When all of it ends by itself: in the year that comes.
   * @example "2027-01-02T08:00:00Z"
   */
  @Optional() @Time() until?: Date;
  /** What you are while you are connected. `online`, as when left out: `away` where all of your devices are idle. */
  @Optional() @IsIn(['online', 'away', 'dnd']) availability?: 'online' | 'away' | 'dnd';
}

export class WatchDto {
  @ArrayMaxSize(MAX_WATCHED) @IsUUID(undefined, { each: true }) userIds!: string[];
}

export class IdleDto {
  @IsBoolean() idle!: boolean;
}

export class StatusDto implements Status {
  /** @example "🌴" */
  emoji?: string;
  /** @example "On holiday" */
  text?: string;
  /**
   * When it ends by itself.
   * @example "2027-01-02T08:00:00.000Z"
   */
  until?: string;
}

/** Whether somebody is here. */
export class PresenceDto implements Presence {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8051" */
  userId!: string;
  availability!: 'online' | 'away' | 'dnd' | 'offline';
  /**
   * Of who is off line: when they were here the last time, to the minute.
   * @example "2026-01-02T03:04:00.000Z"
   */
  lastSeenAt?: string;
  /** What they say of themself. */
  status?: StatusDto;
}

export class PresencesDto {
  /** In the order of the ids. */
  items!: PresenceDto[];
}
