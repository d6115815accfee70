import type {
  GetThreadRequest,
  ListThreadMessagesRequest,
  ListThreadsRequest,
  MarkAllThreadsReadRequest,
  MarkThreadReadRequest,
  SetThreadFollowingRequest,
} from '@veche/contracts';
import { IsBoolean } from 'class-validator';
import { Cursor, Id, Limit, Optional, Seq } from './fields';

export class GetThreadDto implements GetThreadRequest {
  @Id() roomId!: string;
  /** The number of the message that the thread hangs on. */
  @Seq() threadSeq!: number;
}

export class ListThreadMessagesDto extends GetThreadDto implements ListThreadMessagesRequest {
  /** Only replies with a smaller number. */
  @Optional() @Seq() before?: number;
  /** 50 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
}

export class SetThreadFollowingDto extends GetThreadDto implements SetThreadFollowingRequest {
  /** Whether you follow it from now on. */
  @IsBoolean() on!: boolean;
}

export class MarkThreadReadDto extends GetThreadDto implements MarkThreadReadRequest {
  /** The number of the newest reply that was read. */
  @Seq(0) seq!: number;
  /** Marks unread what has this number, and what follows it. Where that is unread already, nothing happens. */
  @Optional() @IsBoolean() back?: boolean;
}

export class MarkAllThreadsReadDto implements MarkAllThreadsReadRequest {}

export class ListThreadsDto implements ListThreadsRequest {
  /** 50 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
  /** Where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}
