import type { Entry, LogPage, MessageCreated } from './entries';
import type { Refusal } from './errors';
import type { Preferences, RoomPreferences } from './preferences';
import type { Presence, StatusChange } from './presence';
import type { Room } from './rooms';

/** The Socket.IO namespace that everything here is about. */
export const NAMESPACE = '/chat';

/** Rooms that one `sync` may ask for. */
export const MAX_SYNC_ROOMS = 200;

/** What a call that was done is acknowledged with, or why it was not. */
export type Acknowledgement<Answer> = ({ ok: true } & Answer) | { ok: false; error: Refusal };

export interface NewMessage {
  roomId: string;
  /** 1 to 4000 characters; none where there are attachments. */
  text: string;
  /** Yours to choose, unique among all your messages: send it again with a retry, and there is one message. */
  clientId: string;
  /** The number of the message that this one answers. */
  replyTo?: number;
  /** Files that you have uploaded and that are in no message yet, in the order in which they are to be shown; at most 10. */
  attachmentIds?: string[];
  /** For a reply in a thread: the number of the message that the thread hangs on, which is in no thread itself. */
  threadSeq?: number;
  /** With `threadSeq` alone: the reply is shown in the room too. */
  alsoInRoom?: boolean;
}

/** Which message of which room. */
export interface MessageReference {
  roomId: string;
  /** The number of the message. */
  seq: number;
}

/** Another text for a message. */
export interface MessageEdit extends MessageReference {
  /** 1 to 4000 characters. */
  text: string;
}

/** Somebody's reaction to a message. */
export interface MessageReaction extends MessageReference {
  /** One emoji of Unicode, with or without its variation selectors. */
  emoji: string;
  /** Whether you react so from now on. */
  on: boolean;
}

/** Whether a message is pinned. */
export interface MessagePin extends MessageReference {
  /** Whether it is from now on. */
  on: boolean;
}

/** How far a member has read. */
export interface ReadMark {
  roomId: string;
  userId: string;
  seq: number;
  /**
   * That of the room's preferences, of your own marks; left out: 0. Of two marks the one with more is the newer, also where
   * it is less far: you have marked something unread. Among those with the same it is the further one.
   */
  revision?: number;
}

/** How you have a thread from here on. */
export interface ThreadMark {
  roomId: string;
  /** The number of the message that the thread hangs on. */
  threadSeq: number;
  /** Whether you follow it. */
  following: boolean;
  /** How far you have read in it. */
  readSeq: number;
  /**
   * How often you have changed this other than by reading on; left out: never. Of two states the one with more is the newer,
   * among those with the same the one that is further.
   */
  revision?: number;
}

/** Somebody writes in a room, or has stopped. */
export interface Typing {
  roomId: string;
  userId: string;
  on: boolean;
}

/** How far members of a room have read. */
export interface ReadMarks {
  roomId: string;
  marks: Omit<ReadMark, 'roomId' | 'revision'>[];
}

/** How far a large room is. */
export interface RoomMoved {
  roomId: string;
  /** The number of its newest entry. */
  lastSeq: number;
  /** Its newest message, where there was one since the gateway serves the room. */
  lastMessage?: { seq: number; at: string };
  /** What the threads hang on in which somebody has written since you were told, at most 100 of them, the newest last. */
  threads?: number[];
}

/** Where a room stood when the connection began, and how you want to have it. */
export interface RoomPosition extends RoomPreferences {
  id: string;
  /** The number of its newest entry. */
  lastSeq: number;
  /** How far the user has read. */
  readSeq: number;
  /** Unread messages that call the user, as in the list of rooms. */
  mentions: number;
}

/** What was told about a connection when it began. */
export interface Ready {
  userId: string;
  sessionId: string;
  /** When the access token of this connection expires, in ISO 8601. */
  expiresAt: string;
  /** The user's rooms, the one with the newest entry first, at most 200. */
  rooms: RoomPosition[];
  /** There are more: they come as `rooms` before anything else. */
  more?: true;
}

/** How you want to have a room from here on. */
export interface RoomPreferencesTold extends RoomPreferences {
  roomId: string;
}

/** Whether you are asked back into a room that you have left. */
export interface InvitationTold {
  roomId: string;
  on: boolean;
}

/** A part of the rooms that `ready` had no place for. */
export interface MoreRooms {
  /** In the same order, at most 500. */
  rooms: RoomPosition[];
  /** There are still more. */
  more?: true;
}

/** What a client may call: what it gives, and what it is acknowledged with. */
export interface Calls {
  /** Send a message. Acknowledged after the commit; a `clientId` that was used before gets the first answer again. */
  'message:send': { payload: NewMessage; answer: { event: MessageCreated } };
  /** Give your message another text. The answer is the message as it is now. */
  'message:edit': { payload: MessageEdit; answer: { event: MessageCreated } };
  /** Delete your message, or anybody's where you moderate the room. The answer is what is left of it. */
  'message:delete': { payload: MessageReference; answer: { event: MessageCreated } };
  /** React to a message, or take it back. What is so already changes nothing. The answer is the message as it is now. */
  'message:react': { payload: MessageReaction; answer: { event: MessageCreated } };
  /**
   * Pin a message, or take the pin away: as a moderator of the room, or one of the two of a direct one. What is so already
   * changes nothing. The answer is the message as it is now.
   */
  'message:pin': { payload: MessagePin; answer: { event: MessageCreated } };
  /**
   * Look at a room: what follows `after`, or the newest entries, and which members are here, at most 200. From here on
   * this connection has the room's `typing` and `reads`, and the `presence` of its members where they are at most 200. It
   * looks at 50 rooms at most: one more ends the look at the first. Of a large room it has every entry from here on:
   * what is new may come before the answer, which then has what was before it.
   */
  'room:enter': {
    payload: { roomId: string; after?: number };
    answer: { room: Room; online: Presence[] } & LogPage;
  };
  /** Look away: this connection has the entries of the room, or where it is large how far it is, and nothing else of it. */
  'room:exit': { payload: { roomId: string }; answer: object };
  /** What follows the numbers that you hold, for at most 200 rooms. For the rate limit each room is a call. */
  sync: {
    payload: { rooms: Record<string, number> };
    answer: { rooms: Record<string, LogPage | { error: Refusal }> };
  };
  /**
   * Move your read marker forward. It goes back only where you ask for it: with `back: true` what has this number, and what
   * follows it, is unread; nothing happens where it is already. With `threadSeq` it is your mark in that thread, if you
   * follow it.
   */
  read: { payload: { roomId: string; seq: number; back?: boolean; threadSeq?: number }; answer: object };
  /** Follow a thread from now on, or no more. Who writes in it follows it from then on. */
  'thread:follow': { payload: { roomId: string; threadSeq: number; on: boolean }; answer: object };
  /**
   * You write in a room, or have stopped. Say `on: true` again every three seconds while it goes on; it ends by itself
   * after six, and with your message.
   */
  typing: { payload: { roomId: string; on: boolean }; answer: object };
  /** What you say of yourself, all of it: what is left out is taken back. */
  status: { payload: StatusChange; answer: { presence: Presence } };
  /**
   * Have the `presence` of these, at most 500, and of nobody whom you watched before. The answer is how they are now. Watch
   * those whom you show.
   */
  'presence:watch': { payload: { userIds: string[] }; answer: { presences: Presence[] } };
  /** Nobody sits at this device, or somebody does again. You are away where all of your connections are idle. */
  'presence:idle': { payload: { idle: boolean }; answer: object };
  /** A fresh access token of the same session for this connection. */
  token: { payload: { token: string }; answer: { expiresAt: string } };
}

/** What the server says without being asked. */
export interface ServerEvents {
  /** First, once for each connection. */
  ready: Ready;
  /** Right after `ready`, as often as it takes until `more` is left out. */
  rooms: MoreRooms;
  /**
   * Of every room that the user is a member of: what follows `lastSeq` of `ready` or `rooms`, in order, each once. Of a
   * large room (1,000 members, unless the server is set otherwise) all of it only while you look at it with `room:enter`;
   * else what you did yourself, what calls you and what is about you.
   */
  event: Entry;
  /**
   * Of a large room that you do not look at: so far it is by now. Told every five seconds at most. What is missing is
   * read by `room:enter` or `sync`.
   */
  'room:moved': RoomMoved;
  /** The user has read this far, on whichever device. Not part of the log, and told once: `ready` has it anew. */
  read: ReadMark;
  /**
   * Of a room that you look at and that has at most 32 members: who has read how far, told twice in a second at most.
   */
  reads: ReadMarks;
  /**
   * Of a room that you look at: somebody else writes there, or has stopped. At most five are told of a room at once.
   * Told again every five seconds while it goes on: where it is not for ten, it is over.
   */
  typing: Typing;
  /** Of whom you watch, and of the members of a small room that you look at. Not part of the log. */
  presence: Presence;
  /** You have changed how you want to have a room, on whichever device. Told once: `ready` has it anew. */
  'room:preferences': RoomPreferencesTold;
  /**
   * You follow a thread or do not any more, or have read in it, on whichever device. Told once: ask for your threads with each
   * connection. That you follow one because you have written in it, or wrote what it hangs on, or are mentioned in it, is
   * not told: the reply says so.
   */
  thread: ThreadMark;
  /** The same for rooms of which you have said nothing else. Told once: ask for them with each connection. */
  preferences: Preferences;
  /** You are a member of this room from here on. */
  'room:added': { room: Room };
  /** You are not a member of this room any more. */
  'room:removed': { roomId: string };
  /**
   * You are asked back into a room that you have left, or are not any more: by your answer, on whichever device, or because
   * whoever asked has thought better of it. Told once: ask for your invitations with each connection.
   */
  invitation: InvitationTold;
  /** Then the server disconnects. */
  'session:ended': { reason: string };
}
