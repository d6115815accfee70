import type { Room } from '@veche/protocol';
import { IntersectionType } from '@nestjs/swagger';
import { RoomPreferencesDto } from '../preferences/preferences.dto';
import { EntryDto } from '../entries/entry.dto';

export class RoomDto implements Room {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  id!: string;
  kind!: 'public' | 'private' | 'direct';
  /**
   * No public room has one that looks like another's; direct rooms have none.
   * @example "General"
   */
  name?: string;
  /** @example "What does not fit elsewhere" */
  topic!: string;
  /** @example "2026-01-02T03:04:05.678Z" */
  createdAt!: string;
  createdBy!: string;
  /** @example 12 */
  memberCount!: number;
  /**
   * The number of the room's newest entry.
   * @example 42
   */
  lastSeq!: number;
  /** Direct rooms: the two it belongs to. */
  userIds?: string[];
  /** The caller's role, where the caller is a member. */
  role?: 'member' | 'moderator' | 'owner';
}

/** A room as one of its members sees it, and wants to have it. */
export class RoomOverviewDto extends IntersectionType(RoomDto, RoomPreferencesDto) {
  /**
   * How far the caller has read.
   * @example 40
   */
  readSeq!: number;
  /**
   * Messages by others after `readSeq` that are not deleted, counted back through a thousand numbers from the newest
   * message.
   * @example 2
   */
  unread!: number;
  /**
   * Those of them that call the caller: by name, or as one of everybody.
   * @example 1
   */
  mentions!: number;
  /** There may be older ones, which were not counted. */
  unreadMore?: true;
  /** The newest message, where there is one. */
  lastMessage?: EntryDto;
}
