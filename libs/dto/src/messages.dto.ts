import type {
  GetChatHealthRequest,
  ConnectRequest,
  ListEventsRequest,
  ListMembershipsRequest,
  ListMessagesRequest,
  ListRoomEntriesRequest,
  SendMessageRequest,
  DeleteMessageRequest,
  EditMessageRequest,
  GetMessageRequest,
  SubscribeRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsBoolean, IsUUID } from 'class-validator';
import { MOST_ATTACHMENTS } from '@veche/protocol';
import { Id, Ids, Limit, MessageText, Optional, Seq, VisibleText } from './fields';

export class SendMessageDto implements Omit<SendMessageRequest, 'attachmentIds'> {
  @Id() roomId!: string;
  /**
   * 1 to 4000 characters; none where there are attachments.
   * @example "Hello!"
   */
  @MessageText(4000) text!: string;
  /**
   * Yours to choose, unique among all your messages: send it again with a retry, and there is one message.
   * @example "2b1c9a52-3f0e-4f7e-9f65-5d1a8e2b7c11"
   */
  @VisibleText(1, 64) clientId!: string;
  /** The number of the message that this one answers. */
  @Optional() @Seq() replyTo?: number;
  /** Files that you have uploaded and that are in no message yet, in the order in which they are to be shown; at most 10. */
  @Optional() @Ids(MOST_ATTACHMENTS) attachmentIds?: string[];
  /** For a reply in a thread: the number of the message that the thread hangs on, which is in no thread itself. */
  @Optional() @Seq() threadSeq?: number;
  /** With `threadSeq` alone: the reply is shown in the room too. */
  @Optional() @IsBoolean() alsoInRoom?: boolean;
}

export class GetMessageDto implements GetMessageRequest {
  @Id() roomId!: string;
  /** The number of the message. */
  @Seq() seq!: number;
}

export class EditMessageDto extends GetMessageDto implements EditMessageRequest {
  /**
   * 1 to 4000 characters.
   * @example "Hello, everybody!"
   */
  @VisibleText(1, 4000) text!: string;
}

export class DeleteMessageDto extends GetMessageDto implements DeleteMessageRequest {}

export class ListMessagesDto implements ListMessagesRequest {
  @Id() roomId!: string;
  /** Only messages with a smaller number. */
  @Optional() @Seq() before?: number;
  /** 50 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
}

export class ListEventsDto implements ListEventsRequest {
  @Id() roomId!: string;
  /** The last number you hold; 0 for everything. */
  @Seq(0) after!: number;
  /** 500 unless told, at most 1000. */
  @Optional() @Limit(1000) limit?: number;
}

export class ConnectDto implements ConnectRequest {
  @Id() roomId!: string;
  @Optional() @Seq(0) after?: number;
}

export class GetChatHealthDto implements GetChatHealthRequest {}

export class SubscribeDto implements SubscribeRequest {
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) addRooms!: string[];
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) removeRooms!: string[];
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) addUsers!: string[];
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) removeUsers!: string[];
}

export class ListMembershipsDto implements ListMembershipsRequest {
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) userIds!: string[];
}

export class ListRoomEntriesDto implements ListRoomEntriesRequest {
  @Id() roomId!: string;
  @Seq(0) after!: number;
  @Limit(1000) limit!: number;
}
