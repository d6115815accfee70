import { ApiProperty, OmitType } from '@nestjs/swagger';
import { FindMomentDto, Optional, ReadAs, SearchMessagesDto, Text } from '@veche/dto';
import { type Has, HAS, MAX_SEARCH, SEARCH_ORDERS, type SearchOrder } from '@veche/protocol';
import { ArrayMaxSize, IsIn } from 'class-validator';
import { EntryDto } from '../../entries/entry.dto';
import { Numbers } from '../requests/query';

@Numbers('limit')
export class SearchQuery extends OmitType(SearchMessagesDto, ['query', 'has', 'order'] as const) {
  /**
   * What to look for, as people type it: words, "exact phrases", and filters: `from:anna`, `in:general`,
   * `before:2026-01-31`, `after:2026-01-01`, `has:link`, `has:code`. At most 256 characters. A word is found in all its
   * forms, and by its first three letters; scripts without spaces by any one or two characters.
   * @example "bridge plans from:anna has:link"
   */
  @Optional() @Text(0, MAX_SEARCH) q?: string;
  /** Only messages that have each of these. */
  @Optional()
  @ReadAs((value) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayMaxSize(HAS.length)
  @IsIn(HAS, { each: true })
  has?: Has[];
  /** The best unless told. Where nothing but filters is given, the newest. */
  @Optional() @IsIn(SEARCH_ORDERS) order?: SearchOrder;
}

export class MomentQuery extends OmitType(FindMomentDto, ['roomId'] as const) {}

export class SearchHitDto {
  /** @example "018f3c6e-7b1a-7c3e-9d55-0d6a4b2c1e90" */
  roomId!: string;
  /** @example 42 */
  seq!: number;
  message!: EntryDto;
  /**
   * A part of the message's text around what was found. It is text, whatever it looks like.
   * @example "the new bridge plans are at https://example.org"
   */
  excerpt!: string;
  /**
   * What was found in the excerpt: from one place up to another, in UTF-16 units.
   */
  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
    example: [
      [8, 14],
      [15, 20],
    ],
  })
  marks!: [number, number][];
}

export class SearchHitsDto {
  items!: SearchHitDto[];
  /** Give it as `cursor` to get the next page. A page may have fewer items than asked for, and there may be more. */
  nextCursor?: string;
}

export class MomentDto {
  /**
   * The number of the first message at that moment or after it, or of the newest one; 0 where there are none.
   * @example 42
   */
  seq!: number;
}
