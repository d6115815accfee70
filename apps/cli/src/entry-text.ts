import { calls, type Entry, type MessageCreated } from '@veche/client';
import { printable, styled } from './terminal';

/** Who somebody is, for people. */
export type NameOf = (userId: string) => string;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

export const dayOf = (entry: Entry): string => day.format(new Date(entry.at));

/** As much of a message as stands above an answer to it. */
const QUOTED = 60;

const quote = (answered: MessageCreated, nameOf: NameOf): string => {
  const text = answered.deletedAt ? '(deleted)' : printable(answered.text).replaceAll('\n', ' ');
  return `${styled('dim', `> ${nameOf(answered.actorId)}: ${text.slice(0, QUOTED)}`)}\n      `;
};

/**
 * One entry as lines of a terminal; undefined for what people are not told.
 * @param answered what a message answers, where that is known
 * @param me what calls them is marked
 */
export const entryText = (
  entry: Entry,
  nameOf: NameOf,
  answered?: MessageCreated,
  me?: string,
): string | undefined => {
  const time = styled('dim', clock.format(new Date(entry.at)));
  if (entry.type === 'message.created') {
    const text = entry.deletedAt
      ? styled('dim', '(deleted)')
      : printable(entry.text).replaceAll('\n', '\n      ');
    const files = (entry.attachments ?? []).map(
      ({ id, name, size }) =>
        `\n      ${styled('dim', `[${printable(name)}, ${size.toLocaleString()} bytes: veche download ${id}]`)}`,
    );
    const above = answered ? quote(answered, nameOf) : '';
    const thread = entry.threadSeq === undefined ? '' : styled('dim', ` (thread ${entry.threadSeq})`);
    const edited = entry.editedAt && !entry.deletedAt ? styled('dim', ' (edited)') : '';
    const mark = me !== undefined && calls(entry, me) ? `${styled('bold', '»')} ` : '';
    return `${time} ${mark}${styled('bold', nameOf(entry.actorId))}${thread}: ${above}${text}${edited}${files.join('')}`;
  }
  const happened = happening(entry, nameOf);
  return happened && `${time} ${styled('dim', `* ${happened}`)}`;
};

type Telling<T extends Entry['type']> = (
  entry: Extract<Entry, { type: T }>,
  nameOf: NameOf,
  actor: string,
) => string;

/** What each kind says; null for what is shown otherwise, or people are not told. */
const TELLINGS: { readonly [T in Entry['type']]: Telling<T> | null } = {
  'message.created': null,
  'message.edited': ({ text }, _nameOf, actor) =>
    text === undefined ? `${actor} edited a message` : `${actor} now says: ${printable(text)}`,
  'message.deleted': (_entry, _nameOf, actor) => `${actor} deleted a message`,
  'reaction.added': ({ emoji }, _nameOf, actor) => `${actor} reacted with ${printable(emoji)}`,
  'reaction.removed': ({ emoji }, _nameOf, actor) => `${actor} took ${printable(emoji)} back`,
  'message.pinned': (_entry, _nameOf, actor) => `${actor} pinned a message`,
  'message.unpinned': (_entry, _nameOf, actor) => `${actor} unpinned a message`,
  'messages.deleted': null,
  'room.created': (_entry, _nameOf, actor) => `${actor} created the chat`,
  'room.updated': ({ name, topic = '' }, _nameOf, actor) =>
    name === undefined
      ? `${actor} changed the topic: ${printable(topic)}`
      : `${actor} renamed the chat to ${printable(name)}`,
  'member.joined': ({ userId, actorId }, nameOf, actor) =>
    userId === actorId ? `${actor} joined` : `${actor} brought ${nameOf(userId)} in`,
  'member.left': ({ userId }, nameOf) => `${nameOf(userId)} left`,
  'member.removed': ({ userId }, nameOf, actor) => `${actor} removed ${nameOf(userId)}`,
  'member.role': ({ userId, role }, nameOf) => `${nameOf(userId)} is ${role} now`,
  unknown: null,
};

const happening = (entry: Entry, nameOf: NameOf): string | undefined =>
  // a newer server may tell of kinds that are not in the table
  (TELLINGS[entry.type] as Telling<Entry['type']> | null | undefined)?.(entry, nameOf, nameOf(entry.actorId));

/** Those whose names an entry is told with. */
export const peopleIn = (entry: Entry): string[] =>
  'userId' in entry ? [entry.actorId, entry.userId] : [entry.actorId];
