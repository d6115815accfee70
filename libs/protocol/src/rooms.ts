import type { MessageCreated } from './entries';
import type { RoomPreferences } from './preferences';
import type { RoomRole } from './roles';

/** Everybody may join, some were invited, or two talk to each other. */
export type RoomKind = 'public' | 'private' | 'direct';

/** A room as everybody may see it who may see it at all. */
export interface Room {
  id: string;
  kind: RoomKind;
  /** No public room has one that looks like another's; direct rooms have none. */
  name?: string;
  topic: string;
  createdAt: string;
  createdBy: string;
  memberCount: number;
  /** The number of the room's newest entry. */
  lastSeq: number;
  /** Direct rooms: the two it belongs to. */
  userIds?: string[];
  /** The caller's role, where the caller is a member. */
  role?: RoomRole;
}

/** A room as one of its members sees it, and wants to have it. */
export interface RoomOverview extends Room, RoomPreferences {
  /** How far the caller has read. */
  readSeq: number;
  /**
   * Messages by others after `readSeq` that are not deleted, counted back through a thousand numbers from the newest
   * message.
   */
  unread: number;
  /** Those of them that call the caller: by name, or as one of everybody. */
  mentions: number;
  /** There may be older ones, which were not counted. */
  unreadMore?: true;
  /** The newest message, where there is one. */
  lastMessage?: MessageCreated;
}

/** Somebody who belongs to a room. */
export interface Member {
  userId: string;
  role: RoomRole;
  /** For members of the room alone. */
  joinedAt?: string;
  /**
   * For members of the room alone: how far this member has read; in rooms of more than 32 members only as of when it
   * was asked for.
   */
  readSeq?: number;
}

/** A room that you have left by yourself, and are asked back into. */
export interface Invitation {
  room: Room;
  /** Who asks. */
  invitedBy: string;
  invitedAt: string;
}

/** Whom you wanted to bring in had left by themselves: they are asked, and no member yet. */
export interface Invited {
  invited: true;
}
