import type { Entry } from '@veche/client';
import type { Messages } from '../i18n/en';

/** Whom an entry names besides its actor. */
export const subjectOf = (entry: Entry): string | undefined => ('userId' in entry ? entry.userId : undefined);

/** What happened, in one line; undefined for what this client does not know yet. */
export const systemText = (
  entry: Entry,
  actor: string,
  subject: string,
  { room }: Messages,
): string | undefined => {
  switch (entry.type) {
    case 'room.created':
      return room.created(actor);
    case 'room.updated':
      if (entry.name !== undefined) return room.renamed(actor, entry.name);
      return entry.topic ? room.topicChanged(actor, entry.topic) : room.topicRemoved(actor);
    case 'member.joined':
      return entry.userId === entry.actorId ? room.joined(actor) : room.invited(actor, subject);
    case 'member.left':
      return room.leaves(subject);
    case 'member.removed':
      return room.removed(actor, subject);
    case 'member.role':
      return room.roleChanged(actor, subject, entry.role);
    case 'messages.deleted':
      return room.messagesDeleted;
    default:
      return undefined;
  }
};
