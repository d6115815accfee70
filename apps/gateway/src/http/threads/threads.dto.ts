import { OmitType } from '@nestjs/swagger';
import { GetThreadDto, ListThreadMessagesDto, ListThreadsDto } from '@veche/dto';
import { EntryDto } from '../../entries/entry.dto';
import { Numbers } from '../requests/query';

/** Which thread. */
@Numbers('threadSeq')
export class ThreadPath extends GetThreadDto {}

@Numbers('before', 'limit')
export class ListThreadMessagesQuery extends OmitType(ListThreadMessagesDto, [
  'roomId',
  'threadSeq',
] as const) {}

@Numbers('limit')
export class ListThreadsQuery extends ListThreadsDto {}

/** A thread as the caller has it. */
export class ThreadDto {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  roomId!: string;
  /**
   * The number of the message that it hangs on.
   * @example 42
   */
  threadSeq!: number;
  /** That message. */
  root!: EntryDto;
  following!: boolean;
  /**
   * How far the caller has read in it; 0 where they have never followed it.
   * @example 47
   */
  readSeq!: number;
  /**
   * Replies of others after that which are not deleted; 0 where the caller does not follow it.
   * @example 3
   */
  unread!: number;
  /**
   * Grows with what the caller changes other than by reading on, and with each time that they join the room: of two states
   * the one with more is the newer. Left out for who is no member.
   * @example 1782820800000001
   */
  revision?: number;
}

export class ThreadsDto {
  /** The one with the newest reply first. */
  items!: ThreadDto[];
  /** Give it as `cursor` to get the next page. */
  nextCursor?: string;
}
