import type { Attachment } from './attachments';
import type { Mention } from './mentions';
import type { Reaction } from './reactions';
import type { RoomRole } from './roles';

/** What every entry of a room's log has. */
export interface EntryHead {
  roomId: string;
  /** Its number: 1, 2, 3 … in each room, without gaps. */
  seq: number;
  /** Who caused it. */
  actorId: string;
  /** When, in ISO 8601. */
  at: string;
}

/** The replies in a thread, all together; those that are deleted are not among them. */
export interface ThreadSummary {
  /** How many there are. */
  replies: number;
  /** The number of the newest of them, and when it was written, in ISO 8601; left out where there are none. */
  lastSeq?: number;
  lastAt?: string;
  /** The ids of those who wrote them, whoever wrote last first; at most five. */
  participants: string[];
  /** The number of the newest entry that is in this: apply only what follows it. */
  countedSeq: number;
}

/** Somebody said something. */
export interface MessageCreated extends EntryHead {
  type: 'message.created';
  id: string;
  text: string;
  /** What the author's client chose: the same for every retry of this message. */
  clientId: string;
  /** The number of the message in this room that this one answers. */
  replyTo?: number;
  /** Whom and what it names; nothing once it is deleted. */
  mentions: Mention[];
  /** When it was last given another text. */
  editedAt?: string;
  /** When it was deleted: its `text` and its `clientId` are empty. */
  deletedAt?: string;
  /**
   * Who reacted how, in the order in which each emoji was first used. Empty where the message comes as an event, as it
   * happens or late: what followed comes too.
   */
  reactions: Reaction[];
  /**
   * The number of the newest entry that `reactions` have in them: apply only what follows it. Left out where nobody
   * ever reacted.
   */
  reactionsSeq?: number;
  /** Who pinned it, and when, in ISO 8601; left out where it is not pinned. */
  pinnedBy?: string;
  pinnedAt?: string;
  /** The files that came with it; left out where there are none, and once it is deleted. */
  attachments?: Attachment[];
  /** Of a reply in a thread: the number of the message in this room that the thread hangs on. */
  threadSeq?: number;
  /** Of a reply in a thread: who wrote that message. */
  threadAuthorId?: string;
  /**
   * Of a reply in a thread: it is shown in the room too. Else it is nothing unread there, and not the room's newest message;
   * whom it mentions it calls all the same.
   */
  alsoInRoom?: boolean;
  /**
   * What there is in the thread that hangs on it. Left out where nobody ever replied, and where the message comes as an event,
   * as it happens or late: what followed comes too.
   */
  thread?: ThreadSummary;
}

/** The first entry of a room; the actor is its first member. */
export interface RoomCreated extends EntryHead {
  type: 'room.created';
}

/** The room got another name or topic; what did not change is left out. */
export interface RoomUpdated extends EntryHead {
  type: 'room.updated';
  name?: string;
  topic?: string;
}

/** Somebody came in by themself, or was invited by the actor. */
export interface MemberJoined extends EntryHead {
  type: 'member.joined';
  userId: string;
}

/** Somebody left. */
export interface MemberLeft extends EntryHead {
  type: 'member.left';
  userId: string;
}

/** The actor removed somebody; it is the last entry that they get. */
export interface MemberRemoved extends EntryHead {
  type: 'member.removed';
  userId: string;
}

/** The actor gave a member another role. */
export interface MemberRoleChanged extends EntryHead {
  type: 'member.role';
  userId: string;
  role: RoomRole;
}

/** Every message of somebody with a smaller number is deleted: their account is gone. */
export interface MessagesDeleted extends EntryHead {
  type: 'messages.deleted';
  userId: string;
}

/** The author of a message gave it another text. */
export interface MessageEdited extends EntryHead {
  type: 'message.edited';
  /** The number of the message. */
  target: number;
  /** What the message says now, whichever change this entry tells of; left out where it was deleted since. */
  text?: string;
  /** Whom and what that text names. */
  mentions: Mention[];
  /** Where the message is a reply in a thread: the number of the message that the thread hangs on. */
  threadSeq?: number;
}

/** A message is deleted: the actor is its author, or moderates the room. */
export interface MessageDeleted extends EntryHead {
  type: 'message.deleted';
  /** The number of the message. */
  target: number;
  /** Where the message was a reply in a thread: the number of the message that the thread hangs on. */
  threadSeq?: number;
  /** And what there was in the thread after this. */
  thread?: ThreadSummary;
}

/** The actor reacted to a message. */
export interface ReactionAdded extends EntryHead {
  type: 'reaction.added';
  /** The number of the message. */
  target: number;
  emoji: string;
}

/** The actor took a reaction back. */
export interface ReactionRemoved extends EntryHead {
  type: 'reaction.removed';
  /** The number of the message. */
  target: number;
  emoji: string;
}

/** The actor pinned a message. */
export interface MessagePinned extends EntryHead {
  type: 'message.pinned';
  /** The number of the message. */
  target: number;
}

/** The actor took a pin away. A message that is deleted loses its pin without this. */
export interface MessageUnpinned extends EntryHead {
  type: 'message.unpinned';
  /** The number of the message. */
  target: number;
}

/** What a newer part of the server writes: skip it, its number counts. */
export interface UnknownEntry extends EntryHead {
  type: 'unknown';
}

/** Whether a message is one of its room: not one in a thread alone. */
export const isInRoom = ({
  threadSeq,
  alsoInRoom,
}: Pick<MessageCreated, 'threadSeq' | 'alsoInRoom'>): boolean =>
  threadSeq === undefined || alsoInRoom === true;

/** One entry of a room's log. Tell them apart by `type`, and expect types that are not in here yet. */
export type Entry =
  | MessageCreated
  | RoomCreated
  | RoomUpdated
  | MemberJoined
  | MemberLeft
  | MemberRemoved
  | MemberRoleChanged
  | MessagesDeleted
  | MessageEdited
  | MessageDeleted
  | ReactionAdded
  | ReactionRemoved
  | MessagePinned
  | MessageUnpinned
  | UnknownEntry;

/** A part of a log, oldest first. */
export interface LogPage {
  events: Entry[];
  /** The number of the room's newest entry. */
  lastSeq: number;
  /**
   * Whether the events reach `lastSeq`. If not, more follows after the last of them, or after the number that was
   * asked for, where other rooms of the same answer have left no room for any. Where `lastSeq` is below that number,
   * what the client holds is of another log.
   */
  complete: boolean;
}
