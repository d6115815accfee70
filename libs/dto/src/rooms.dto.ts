import {
  type AddMemberRequest,
  type BrowseRoomsRequest,
  type CreateRoomRequest,
  type DeleteRoomRequest,
  type GetRoomRequest,
  type JoinRoomRequest,
  type LeaveRoomRequest,
  type ListMembersRequest,
  type ListRoomsRequest,
  type MarkReadRequest,
  type OpenDirectRoomRequest,
  type RemoveMemberRequest,
  RoomKind,
  RoomRole,
  type UpdateMemberRequest,
  type UpdateRoomRequest,
} from '@veche/contracts';
import { ArrayMaxSize, IsIn } from 'class-validator';
import { Cursor, Id, Limit, Optional, Seq, Text, Username, Usernames, VisibleText } from './fields';

export class CreateRoomDto implements CreateRoomRequest {
  @VisibleText(3, 64) name!: string;
  @IsIn([RoomKind.PUBLIC, RoomKind.PRIVATE], { message: 'kind must be public or private' }) kind!: RoomKind;
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
  @Optional() @Limit(200) limit?: number;
  @Optional() @Cursor() cursor?: string;
}

export class BrowseRoomsDto implements BrowseRoomsRequest {
  @Optional() @Text(0, 64) search?: string;
  @Optional() @Limit(100) limit?: number;
  @Optional() @Cursor() cursor?: string;
}

export class UpdateRoomDto implements UpdateRoomRequest {
  @Id() roomId!: string;
  /** @example "General" */
  @Optional() @VisibleText(3, 64) name?: string;
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
  @Optional() @Limit(1000) limit?: number;
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
  @Seq(0) seq!: number;
}
