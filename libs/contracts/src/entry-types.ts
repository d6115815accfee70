import type { Entry } from './gen/veche/events/v1/entry';

/** What an entry says. */
export type EntryBody = NonNullable<Entry['body']>;

/**
 * Every kind of entry, by its name on the wire: how tables, the JSON doors and clients call it. A kind that the proto
 * knows and that is missing here does not compile, and neither does one that nobody can show (libs/protocol).
 */
export const ENTRY_TYPES = {
  messageCreated: 'message.created',
  roomCreated: 'room.created',
  roomUpdated: 'room.updated',
  memberJoined: 'member.joined',
  memberLeft: 'member.left',
  memberRemoved: 'member.removed',
  memberRole: 'member.role',
  messagesDeleted: 'messages.deleted',
  messageEdited: 'message.edited',
  messageDeleted: 'message.deleted',
  reactionAdded: 'reaction.added',
  reactionRemoved: 'reaction.removed',
  messagePinned: 'message.pinned',
  messageUnpinned: 'message.unpinned',
} as const satisfies Record<EntryBody['$case'], string>;

export type EntryTypes = typeof ENTRY_TYPES;
export type EntryType = EntryTypes[keyof EntryTypes];
