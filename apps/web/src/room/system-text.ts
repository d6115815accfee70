import type { Entry, MemberJoined } from '@veche/client';
import type { Messages } from '../i18n/en';

type Text<T extends Entry['type']> = (
  entry: Extract<Entry, { type: T }>,
  /** Their names. */
  actor: string,
  subject: string,
  messages: Messages['room'],
) => string;

/** What each kind says in one line; null for what is shown otherwise, or nobody has to be told. */
const TEXTS: { readonly [T in Entry['type']]: Text<T> | null } = {
  'message.created': null,
  'message.edited': null,
  'message.deleted': null,
  'reaction.added': null,
  'reaction.removed': null,
  'message.pinned': (_entry, actor, _subject, room) => room.pinned(actor),
  'message.unpinned': null,
  'messages.deleted': (_entry, _actor, _subject, room) => room.messagesDeleted,
  'room.created': (_entry, actor, _subject, room) => room.created(actor),
  'room.updated': ({ name, topic }, actor, _subject, room) => {
    if (name !== undefined) return room.renamed(actor, name);
    return topic ? room.topicChanged(actor, topic) : room.topicRemoved(actor);
  },
  'member.joined': ({ userId, actorId }, actor, subject, room) =>
    userId === actorId ? room.joined(actor) : room.invited(actor, subject),
  'member.left': (_entry, _actor, subject, room) => room.leaves(subject),
  'member.removed': (_entry, actor, subject, room) => room.removed(actor, subject),
  'member.role': ({ role }, actor, subject, room) => room.roleChanged(actor, subject, role),
  unknown: null,
};

/** Whether an entry is no line of its own: what it changes shows it, or this client does not know it yet. */
export const isSilent = (entry: Entry): boolean => entry.type !== 'message.created' && !TEXTS[entry.type];

/** Whom an entry names besides its actor. */
export const subjectOf = (entry: Entry): string | undefined => ('userId' in entry ? entry.userId : undefined);

/** What happened, in one line; undefined for what this client does not know yet. */
export const systemText = (
  entry: Entry,
  actor: string,
  subject: string,
  { room }: Messages,
): string | undefined =>
  (TEXTS[entry.type] as Text<Entry['type']> | null | undefined)?.(entry, actor, subject, room);

/** Who came into a room, and by whom. */
export interface Coming {
  /** Who invited them; undefined for those who came by themselves. */
  readonly actorId: string | undefined;
  readonly userIds: readonly string[];
}

/** Who came, by whom they were invited, in the order in which each began to. */
export const comings = (entries: readonly MemberJoined[]): Coming[] => {
  const invited = new Map<string | undefined, string[]>();
  for (const { actorId, userId } of entries) {
    const by = actorId === userId ? undefined : actorId;
    invited.set(by, [...(invited.get(by) ?? []), userId]);
  }
  return [...invited].map(([actorId, userIds]) => ({ actorId, userIds }));
};

/** Who came, in a few words. */
export const comingText = (
  actor: string | undefined,
  names: string,
  count: number,
  { room }: Messages,
): string => {
  if (actor !== undefined) return room.invited(actor, names);
  return count === 1 ? room.joined(names) : room.severalJoined(names);
};
