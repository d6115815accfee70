import { type FindMomentRequest, type SearchMessagesRequest, SearchOrder } from '@veche/contracts';
import { HAS, MAX_SEARCH, momentOf } from '@veche/protocol';
import { ArrayMaxSize, IsIn } from 'class-validator';
import { Cursor, Fits, Id, Limit, Optional, Text } from './fields';

/** A day of UTC, or a moment with its zone. */
export const Moment = (): PropertyDecorator =>
  Fits(
    'isMoment',
    (text) => momentOf(text) !== undefined,
    'must be a day (2026-01-31) or a moment with its zone (2026-01-31T09:30:00Z)',
  );

export class SearchMessagesDto implements SearchMessagesRequest {
  /** At most 256 characters. */
  @Text(0, MAX_SEARCH) query!: string;
  /** Only in this room. */
  @Optional() @Id() roomId?: string;
  /**
   * Only what this user has written: a username, or `me`.
   * @example "anna"
   */
  @Optional() @Text(1, 64) from?: string;
  /**
   * Only in rooms that are called so, or have words in their names that begin so; `@anna`: what you two wrote.
   * @example "general"
   */
  @Optional() @Text(1, 64) in?: string;
  /**
   * Only what was said before: a day of UTC, or a moment with its zone.
   * @example "2026-01-31"
   */
  @Optional() @Moment() before?: string;
  /**
   * Only what was said since: a day of UTC, or a moment with its zone.
   * @example "2026-01-31T09:30:00+03:00"
   */
  @Optional() @Moment() after?: string;
  @ArrayMaxSize(HAS.length) @IsIn(HAS, { each: true }) has!: string[];
  @IsIn([SearchOrder.UNSPECIFIED, SearchOrder.BEST, SearchOrder.NEWEST]) order!: SearchOrder;
  /** 20 unless told, at most 50. */
  @Optional() @Limit(50) limit?: number;
  @Optional() @Cursor() cursor?: string;
}

export class FindMomentDto implements FindMomentRequest {
  @Id() roomId!: string;
  /**
   * A day of UTC, or a moment with its zone.
   * @example "2026-01-31T09:30:00+03:00"
   */
  @Moment() time!: string;
}
