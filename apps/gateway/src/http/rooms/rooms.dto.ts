import { OmitType } from '@nestjs/swagger';
import {
  BrowseRoomsDto,
  CreateRoomDto,
  ListRoomsDto,
  MarkReadDto,
  Optional,
  Seq,
  UpdateRoomDto,
  Usernames,
} from '@veche/dto';
import { ArrayMaxSize, IsIn } from 'class-validator';
import { RoomDto, RoomOverviewDto } from '../../rooms/room.dto';
import { Numbers } from '../requests/query';

export class CreateRoomBody extends OmitType(CreateRoomDto, ['kind', 'members'] as const) {
  @IsIn(['public', 'private']) kind!: 'public' | 'private';
  /**
   * Usernames, at most 100. Names that don't exist are refused, and nothing is created.
   * @example ["boris", "vera"]
   */
  @Optional() @ArrayMaxSize(100) @Usernames() members?: string[];
}

export class UpdateRoomBody extends OmitType(UpdateRoomDto, ['roomId'] as const) {}

export class MarkReadBody extends OmitType(MarkReadDto, ['roomId'] as const) {
  /** For your marker in a thread: the number of the message that it hangs on. */
  @Optional() @Seq() threadSeq?: number;
}

@Numbers('limit')
export class ListRoomsQuery extends ListRoomsDto {}

@Numbers('limit')
export class BrowseRoomsQuery extends BrowseRoomsDto {}

export class RoomsDto {
  items!: RoomDto[];
  /** Give it as `cursor` to get the next page. */
  nextCursor?: string;
}

export class RoomOverviewsDto {
  items!: RoomOverviewDto[];
  /** Give it as `cursor` to get the next page. */
  nextCursor?: string;
}
