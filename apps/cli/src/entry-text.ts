import type { Entry } from '@veche/client';
import { printable, styled } from './terminal';

/** Who somebody is, for people. */
export type NameOf = (userId: string) => string;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

export const dayOf = (entry: Entry): string => day.format(new Date(entry.at));

/** One entry as lines of a terminal; undefined for what people are not told. */
export const entryText = (entry: Entry, nameOf: NameOf): string | undefined => {
  const time = styled('dim', clock.format(new Date(entry.at)));
  if (entry.type === 'message.created') {
    const text = entry.deletedAt
      ? styled('dim', '(deleted)')
      : printable(entry.text).replaceAll('\n', '\n      ');
    return `${time} ${styled('bold', nameOf(entry.actorId))}: ${text}`;
  }
  const happened = happening(entry, nameOf);
  return happened && `${time} ${styled('dim', `* ${happened}`)}`;
};

const happening = (entry: Entry, nameOf: NameOf): string | undefined => {
  const actor = nameOf(entry.actorId);
  switch (entry.type) {
    case 'room.created':
      return `${actor} created the chat`;
    case 'room.updated':
      return entry.name === undefined
        ? `${actor} changed the topic: ${printable(entry.topic ?? '')}`
        : `${actor} renamed the chat to ${printable(entry.name)}`;
    case 'member.joined':
      return entry.userId === entry.actorId
        ? `${actor} joined`
        : `${actor} brought ${nameOf(entry.userId)} in`;
    case 'member.left':
      return `${nameOf(entry.userId)} left`;
    case 'member.removed':
      return `${actor} removed ${nameOf(entry.userId)}`;
    case 'member.role':
      return `${nameOf(entry.userId)} is ${entry.role} now`;
    default:
      return undefined;
  }
};

/** Those whose names an entry is told with. */
export const peopleIn = (entry: Entry): string[] =>
  'userId' in entry ? [entry.actorId, entry.userId] : [entry.actorId];
