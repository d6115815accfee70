import {
  calls,
  type Entry,
  foldReactions,
  foldReply,
  isInRoom,
  type Member,
  type MessageCreated,
  type MessageEdited,
  type RoomMoved,
  type RoomOverview,
} from '@veche/protocol';

type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>;

/** What one kind of entry changes of what was there before it. What is left out stays. */
interface Change<E extends Entry> {
  /** What the list of rooms says. */
  readonly overview?: (room: RoomOverview, entry: E, me: string) => Partial<RoomOverview>;
  readonly members?: (members: Members, entry: E) => Members;
  /** An older entry as it is from then on; the same object where that is as it was. */
  readonly shown?: (shown: Entry, entry: E, me: string) => Entry;
  /** Whether messages that were unread, or called somebody, may not be or do so any more. */
  readonly recounts?: (room: RoomOverview, entry: E, me: string) => boolean;
}

type Members = ReadonlyMap<string, Member>;

const gone: Change<EntryOf<'member.left'> | EntryOf<'member.removed'>> = {
  overview: (room) => ({ memberCount: room.memberCount - 1 }),
  members: (members, { userId }) => {
    const rest = new Map(members);
    rest.delete(userId);
    return rest;
  },
};

const withoutText = (message: MessageCreated, at: string): MessageCreated => ({
  ...message,
  text: '',
  clientId: '',
  mentions: [],
  editedAt: undefined,
  deletedAt: message.deletedAt ?? at,
  reactions: [],
  reactionsSeq: undefined,
  pinnedBy: undefined,
  pinnedAt: undefined,
  attachments: undefined,
});

const emptied = (edit: MessageEdited): MessageEdited => ({ ...edit, text: undefined, mentions: [] });

/** Whose account is gone is nobody to be named; the text is its author's. */
const withoutMentionsOf = <E extends MessageCreated | MessageEdited>(shown: E, userId: string): E =>
  shown.mentions.some(({ id }) => id === userId)
    ? { ...shown, mentions: shown.mentions.filter(({ id }) => id !== userId) }
    : shown;
/** A message that was read later than an entry about it has that in it already. */
const reacted: Change<EntryOf<'reaction.added'> | EntryOf<'reaction.removed'>> = {
  shown: (shown, { type, target, emoji, actorId: userId, seq }, me) => {
    if (shown.type !== 'message.created' || shown.seq !== target || shown.deletedAt !== undefined)
      return shown;
    if (seq <= (shown.reactionsSeq ?? 0)) return shown;
    const change = { emoji, userId, on: type === 'reaction.added' };
    return { ...shown, reactions: foldReactions(shown.reactions, change, me), reactionsSeq: seq };
  },
};

/** The newest entry about a pin says whether there is one; what was read later than all of them ends there too. */
const pinned: Change<EntryOf<'message.pinned'> | EntryOf<'message.unpinned'>> = {
  shown: (shown, { type, target, actorId, at }) => {
    if (shown.type !== 'message.created' || shown.seq !== target || shown.deletedAt !== undefined)
      return shown;
    return type === 'message.pinned'
      ? { ...shown, pinnedBy: actorId, pinnedAt: at }
      : { ...shown, pinnedBy: undefined, pinnedAt: undefined };
  },
};

/** Where nothing is unread, what is deleted was not either. */
const hasNews = ({ unread, mentions }: RoomOverview): boolean => unread > 0 || mentions > 0;

/** The one table of what follows from which kind. */
const CHANGES: { readonly [T in Entry['type']]: Change<EntryOf<T>> } = {
  'message.created': {
    overview: (room, entry, me) => {
      const unread = entry.actorId !== me && entry.seq > room.readSeq;
      const mentions = room.mentions + (unread && calls(entry, me) ? 1 : 0);
      // what is in a thread alone is none of the room's own, but calls all the same
      return isInRoom(entry)
        ? { lastMessage: entry, unread: room.unread + (unread ? 1 : 0), mentions }
        : { mentions };
    },
    shown: (shown, entry) => {
      if (shown.type !== 'message.created' || shown.seq !== entry.threadSeq) return shown;
      const thread = foldReply(shown.thread, entry);
      return thread === shown.thread ? shown : { ...shown, thread };
    },
  },
  'messages.deleted': {
    shown: (shown, { userId, seq, at }) => {
      if (shown.type === 'message.created' && shown.actorId === userId && shown.seq < seq)
        return withoutText(shown, at);
      // only authors edit: what an older entry says of an edit is of the same messages
      if (shown.type === 'message.edited' && shown.actorId === userId) return emptied(shown);
      return shown.type === 'message.created' || shown.type === 'message.edited'
        ? withoutMentionsOf(shown, userId)
        : shown;
    },
    recounts: hasNews,
  },
  'message.edited': {
    shown: (shown, { target, text, mentions, at }) => {
      if (text === undefined) return shown;
      if (shown.type === 'message.edited' && shown.target === target) return { ...shown, text, mentions };
      const isIt = shown.type === 'message.created' && shown.seq === target && shown.deletedAt === undefined;
      return isIt ? { ...shown, text, mentions, editedAt: at } : shown;
    },
    // as far as can be told without knowing whom it called before
    recounts: (room, entry, me) =>
      entry.actorId !== me && entry.target > room.readSeq && (room.mentions > 0 || calls(entry, me)),
  },
  'message.deleted': {
    shown: (shown, { target, at, seq, threadSeq, thread }) => {
      if (shown.type === 'message.edited' && shown.target === target) return emptied(shown);
      if (shown.type === 'message.created' && shown.seq === threadSeq && thread)
        return seq > (shown.thread?.countedSeq ?? 0) ? { ...shown, thread } : shown;
      return shown.type === 'message.created' && shown.seq === target ? withoutText(shown, at) : shown;
    },
    recounts: hasNews,
  },
  'reaction.added': reacted,
  'reaction.removed': reacted,
  'message.pinned': pinned,
  'message.unpinned': pinned,
  'room.created': {},
  'room.updated': {
    overview: (room, { name = room.name, topic = room.topic }) => ({ name, topic }),
  },
  'member.joined': {
    overview: (room) => ({ memberCount: room.memberCount + 1 }),
    members: (members, { userId, at: joinedAt, seq }) =>
      // who comes in has nothing to catch up with
      members.has(userId)
        ? members
        : new Map(members).set(userId, { userId, role: 'member', joinedAt, readSeq: seq - 1 }),
  },
  'member.left': gone,
  'member.removed': gone,
  'member.role': {
    overview: (_room, { userId, role }, me) => (userId === me ? { role } : {}),
    members: (members, { userId, role }) => {
      const member = members.get(userId);
      return member ? new Map(members).set(userId, { ...member, role }) : members;
    },
  },
  unknown: {},
};

/** A newer server may tell of kinds that are not in the table. */
const changeOf = (entry: Entry): Change<Entry> => (CHANGES[entry.type] as Change<Entry> | undefined) ?? {};

/** A room's overview after one more entry of its log, as the server would tell it to this user. */
export const foldOverview = (room: RoomOverview, entry: Entry, me: string): RoomOverview => {
  const { overview, shown } = changeOf(entry);
  const next = { ...room, lastSeq: entry.seq, ...overview?.(room, entry, me) };
  const { lastMessage } = next;
  return shown && lastMessage ? { ...next, lastMessage: foldShown(lastMessage, entry, me) } : next;
};

/**
 * The overview of a large room that is further than its entries are kept: at least one message is unread where there is one
 * that was not read. It is counted when the room is looked at.
 */
export const withMove = (
  room: RoomOverview,
  { lastSeq, lastMessage }: RoomMoved,
  head: number,
): RoomOverview =>
  lastMessage && lastMessage.seq > Math.max(head, room.readSeq)
    ? { ...room, lastSeq, unread: room.unread + 1, unreadMore: true }
    : { ...room, lastSeq };

/** Whether older entries are not as they were before this one. */
export const changesOthers = (entry: Entry): boolean =>
  changeOf(entry).shown !== undefined && (entry.type !== 'message.created' || entry.threadSeq !== undefined);

/** Whether an older entry is not known any more after this one: how many replies its thread has left. */
export const makesStale = (shown: Entry, { type }: Entry): boolean =>
  type === 'messages.deleted' && shown.type === 'message.created' && (shown.thread?.replies ?? 0) > 0;

/** Whether what is unread, and what of it calls somebody, has to be counted anew after it. */
export const recounts = (room: RoomOverview, entry: Entry, me: string): boolean =>
  changeOf(entry).recounts?.(room, entry, me) ?? false;

/** An older entry after one more entry of its log; the same object where nothing of it has changed. */
export const foldShown = <E extends Entry>(shown: E, entry: Entry, me: string): E =>
  // what it is, no entry changes
  (changeOf(entry).shown?.(shown, entry, me) ?? shown) as E;

/** A room's members after one more entry of its log. */
export const foldMembers = (members: Members, entry: Entry): Members =>
  changeOf(entry).members?.(members, entry) ?? members;
