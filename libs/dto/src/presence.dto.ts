import {
  Availability,
  type DescribePresenceRequest,
  type GetPresenceRequest,
  type ListPresentMembersRequest,
  type PresenceReport,
  type ReportPresenceRequest,
  type SetStatusRequest,
  type SetTypingRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsUUID, ValidateBy } from 'class-validator';
import { Emoji, Id, Optional, Time, VisibleText } from './fields';

export class SetTypingDto implements SetTypingRequest {
  @Id() roomId!: string;
  /** Whether the caller is writing. */
  @IsBoolean() on!: boolean;
}

export class SetStatusDto implements SetStatusRequest {
  /**
   * One emoji.
   * @example "🌴"
   */
  @Optional() @Emoji() emoji?: string;
  /**
   * At most 100 characters.
   * @example "On holiday"
   */
  @Optional() @VisibleText(1, 100) text?: string;
  /**
   * When all of it ends by itself: in the year that comes.
   * @example "2027-01-02T08:00:00Z"
   */
  @Optional() @Time() until?: Date;
  /** What the caller is while they are connected; `online` when left out: then idle devices make them `away`. */
  @Optional()
  @IsIn([Availability.ONLINE, Availability.AWAY, Availability.DND], {
    message: 'availability must be online, away or dnd',
  })
  availability?: Availability;
}

export class GetPresenceDto implements GetPresenceRequest {
  @ArrayMaxSize(200) @IsUUID(undefined, { each: true }) userIds!: string[];
}

export class DescribePresenceDto implements DescribePresenceRequest {
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) userIds!: string[];
}

export class ListPresentMembersDto implements ListPresentMembersRequest {
  @Id() roomId!: string;
}

const isReport = (value: unknown): boolean => {
  const { userId, here, idle } = (value ?? {}) as Partial<PresenceReport>;
  return typeof userId === 'string' && typeof here === 'boolean' && typeof idle === 'boolean';
};

export class ReportPresenceDto implements ReportPresenceRequest {
  @Id() gatewayId!: string;
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateBy({
    name: 'isReport',
    validator: {
      validate: (reports) => Array.isArray(reports) && reports.every(isReport),
      defaultMessage: () => 'each of $property must say who and how',
    },
  })
  reports!: PresenceReport[];
}
