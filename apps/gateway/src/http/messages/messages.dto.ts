import { OmitType } from '@nestjs/swagger';
import {
  EditMessageDto,
  GetMessageDto,
  ListEventsDto,
  ListMessagesDto,
  Optional,
  SendMessageDto,
  Seq,
} from '@veche/dto';
import { EntryDto } from '../../entries/entry.dto';
import { Numbers } from '../requests/query';

export class SendMessageBody extends OmitType(SendMessageDto, ['roomId'] as const) {}

/** Which message. */
@Numbers('seq')
export class MessagePath extends GetMessageDto {}

export class EditMessageBody extends OmitType(EditMessageDto, ['roomId', 'seq'] as const) {}

@Numbers('before', 'limit')
export class ListMessagesQuery extends OmitType(ListMessagesDto, ['roomId'] as const) {}

@Numbers('after', 'limit')
export class ListEventsQuery extends OmitType(ListEventsDto, ['roomId', 'after'] as const) {
  /** The last number you hold; left out, everything is told from the first. */
  @Optional() @Seq(0) after?: number;
}

export class MessagesDto {
  /** Newest first. */
  items!: EntryDto[];
  /**
   * Give it as `before` to get the next page; not there at the beginning of the room.
   * @example 17
   */
  nextBefore?: number;
}

export class EventsDto {
  /** Oldest first. */
  items!: EntryDto[];
  /**
   * The number of the room's newest entry.
   * @example 42
   */
  lastSeq!: number;
  /**
   * Whether the items reach `lastSeq`. If not, more follows after the last of them; or, where `after` was beyond
   * `lastSeq`, what you hold is not of this log: fetch it anew.
   */
  complete!: boolean;
}
