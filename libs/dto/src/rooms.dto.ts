import {
  type AddMemberRequest,
  type BrowseRoomsRequest,
  type CreateRoomRequest,
  type DeleteRoomRequest,
  type DescribeRoomRequest,
  type ForgetUserRequest,
  type GetRoomRequest,
  type JoinRoomRequest,
  type LeaveRoomRequest,
  type ListAllRoomsRequest,
  type ListMembersRequest,
  type ListRoomsRequest,
  type MarkAllReadRequest,
  type MarkReadRequest,
  type OpenDirectRoomRequest,
  type RemoveMemberRequest,
  RoomKind,
  RoomRole,
  type UpdateMemberRequest,
  type UpdateRoomRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsBoolean, IsIn, IsUUID } from 'class-validator';
import { Cursor, Id, Limit, Optional, RoomName, Seq, Text, Username, Usernames, VisibleText } from './fields';

export class CreateRoomDto implements CreateRoomRequest {
  /**
   * 3 to 64 characters, of which an ideograph, a syllable or an emoji counts two.
   * @example "General"
   */
  @RoomName() name!: string;
  @IsIn([RoomKind.PUBLIC, RoomKind.PRIVATE], { message: 'kind must be public or private' }) kind!: RoomKind;
  /**
   * At most 250 characters.
   * @example "What does not fit elsewhere"
   */
  @Optional() @Text(0, 250) topic?: string;
  @ArrayMaxSize(100) @Usernames() members!: string[];
}

/** One of the two. */
export class OpenDirectRoomDto implements OpenDirectRoomRequest {
  @Optional() @Id() userId?: string;
  /** @example "boris" */
  @Optional() @Username() username?: string;
}

export class GetRoomDto implements GetRoomRequest {
  @Id() roomId!: string;
}

export class ListRoomsDto implements ListRoomsRequest {
  /** 100 unless told, at most 200. */
  @Optional() @Limit(200) limit?: number;
  /** Where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class BrowseRoomsDto implements BrowseRoomsRequest {
  /** The beginnings of words of a name, without regard to case and accents. */
  @Optional() @Text(0, 64) search?: string;
  /** 50 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
  /** Where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class ListAllRoomsDto implements ListAllRoomsRequest {
  /** A part of a name. */
  @Optional() @VisibleText(1, 64) search?: string;
  @Optional()
  @IsIn([RoomKind.PUBLIC, RoomKind.PRIVATE], { message: 'kind must be public or private' })
  kind?: RoomKind;
  /** 50 unless told, at most 100. */
  @Optional() @Limit(100) limit?: number;
  /** Where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class UpdateRoomDto implements UpdateRoomRequest {
  @Id() roomId!: string;
  /**
   * 3 to 64 characters, of which an ideograph, a syllable or an emoji counts two.
   * @example "General"
   */
  @Optional() @RoomName() name?: string;
  /** At most 250 characters. */
  @Optional() @Text(0, 250) topic?: string;
}

export class DeleteRoomDto implements DeleteRoomRequest {
  @Id() roomId!: string;
}

export class JoinRoomDto implements JoinRoomRequest {
  @Id() roomId!: string;
}

export class LeaveRoomDto implements LeaveRoomRequest {
  @Id() roomId!: string;
}

export class ListMembersDto implements ListMembersRequest {
  @Id() roomId!: string;
  /** 100 unless told, at most 1000. */
  @Optional() @Limit(1000) limit?: number;
  /** Where the page before this one ended. */
  @Optional() @Cursor() cursor?: string;
}

export class AddMemberDto implements AddMemberRequest {
  @Id() roomId!: string;
  @Optional() @Id() userId?: string;
  /** @example "boris" */
  @Optional() @Username() username?: string;
}

export class UpdateMemberDto implements UpdateMemberRequest {
  @Id() roomId!: string;
  @Id() userId!: string;
  @IsIn([RoomRole.MEMBER, RoomRole.MODERATOR, RoomRole.OWNER], {
    message: 'role must be member, moderator or owner',
  })
  role!: RoomRole;
}

export class RemoveMemberDto implements RemoveMemberRequest {
  @Id() roomId!: string;
  @Id() userId!: string;
}

export class MarkReadDto implements MarkReadRequest {
  @Id() roomId!: string;
  /** The number of the newest entry that was read. */
  @Seq(0) seq!: number;
  /** Marks unread what has this number, and what follows it. Where that is unread already, nothing happens. */
  @Optional() @IsBoolean() back?: boolean;
}

export class MarkAllReadDto implements MarkAllReadRequest {}

export class DescribeRoomDto implements DescribeRoomRequest {
  @Id() roomId!: string;
  @ArrayMaxSize(1000) @IsUUID(undefined, { each: true }) userIds!: string[];
}

export class ForgetUserDto implements ForgetUserRequest {
  @Id() userId!: string;
}
