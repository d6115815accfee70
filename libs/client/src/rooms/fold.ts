import type { Entry, Member, RoomOverview } from '@veche/protocol';

/** A room's overview after one more entry of its log, as the server would tell it to this user. */
export const foldOverview = (room: RoomOverview, entry: Entry, me: string): RoomOverview => {
  const next = { ...room, lastSeq: entry.seq };
  switch (entry.type) {
    case 'message.created': {
      const unread = entry.actorId !== me && entry.seq > room.readSeq;
      return { ...next, lastMessage: entry, unread: room.unread + (unread ? 1 : 0) };
    }
    case 'room.updated':
      return { ...next, name: entry.name ?? room.name, topic: entry.topic ?? room.topic };
    case 'member.joined':
      return { ...next, memberCount: room.memberCount + 1 };
    case 'member.left':
    case 'member.removed':
      return { ...next, memberCount: room.memberCount - 1 };
    case 'member.role':
      return entry.userId === me ? { ...next, role: entry.role } : next;
    case 'messages.deleted': {
      const { lastMessage } = room;
      return lastMessage ? { ...next, lastMessage: withoutDeleted(lastMessage, entry) } : next;
    }
    default:
      return next;
  }
};

/** An entry after one more entry of its log: a message without its text, where that was deleted. */
export const withoutDeleted = <E extends Entry>(shown: E, entry: Entry): E =>
  entry.type === 'messages.deleted' &&
  shown.type === 'message.created' &&
  shown.actorId === entry.userId &&
  shown.seq < entry.seq
    ? { ...shown, text: '', clientId: '', deletedAt: shown.deletedAt ?? entry.at }
    : shown;

/** A room's members after one more entry of its log. */
export const foldMembers = (
  members: ReadonlyMap<string, Member>,
  entry: Entry,
): ReadonlyMap<string, Member> => {
  switch (entry.type) {
    case 'member.joined': {
      const { userId, at: joinedAt } = entry;
      if (members.has(userId)) return members;
      // who comes in has nothing to catch up with
      return new Map(members).set(userId, { userId, role: 'member', joinedAt, readSeq: entry.seq - 1 });
    }
    case 'member.left':
    case 'member.removed': {
      const rest = new Map(members);
      rest.delete(entry.userId);
      return rest;
    }
    case 'member.role': {
      const member = members.get(entry.userId);
      return member ? new Map(members).set(entry.userId, { ...member, role: entry.role }) : members;
    }
    default:
      return members;
  }
};
