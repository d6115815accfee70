import { ListReactionsDto, ReactionDto } from '@veche/dto';
import { Numbers } from '../requests/query';

/** Which message. */
@Numbers('seq')
export class ReactionsPath extends ListReactionsDto {}

/** Which message, and which emoji. */
@Numbers('seq')
export class ReactionPath extends ReactionDto {}

export class ReactionCountDto {
  /** @example "👍" */
  emoji!: string;
  /** @example 1 */
  count!: number;
  /** Whether you are one of them. */
  mine!: boolean;
  /** In the order in which they reacted, at most 200. */
  userIds!: string[];
}

export class ReactionsDto {
  /** In the order in which each emoji was first used. */
  items!: ReactionCountDto[];
}
