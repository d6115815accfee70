import type { ListReactionsRequest, SetReactionRequest } from '@veche/contracts';
import { IsBoolean } from 'class-validator';
import { Emoji, Id, Seq } from './fields';

export class ListReactionsDto implements ListReactionsRequest {
  @Id() roomId!: string;
  /** The number of the message. */
  @Seq() seq!: number;
}

export class ReactionDto extends ListReactionsDto {
  /**
   * One emoji of Unicode, with or without its variation selectors.
   * @example "👍"
   */
  @Emoji() emoji!: string;
}

export class SetReactionDto extends ReactionDto implements SetReactionRequest {
  /** Whether you react so from now on. */
  @IsBoolean() on!: boolean;
}
