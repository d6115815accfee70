import { type Entry, roomRoleText } from '@veche/contracts';
import { isoTime } from '../iso-time';
import type { EntryDto } from './entry.dto';

/** An entry as the JSON doors show it: REST and Socket.IO alike. What is undefined, JSON leaves out. */
export const entryToJson = (entry: Entry | undefined): EntryDto => {
  if (!entry) throw new Error('an answer came without its entry');
  const { roomId, seq, actorId, at, body } = entry;
  return { roomId, seq, actorId, at: isoTime(at), ...bodyToJson(body) };
};

type Body = Pick<EntryDto, 'type'> & Partial<EntryDto>;

const bodyToJson = (body: Entry['body']): Body => {
  switch (body?.$case) {
    case 'messageCreated': {
      const { id, text, clientId, replyTo } = body.value;
      return { type: 'message.created', id, text, clientId, replyTo };
    }
    case 'roomCreated':
      return { type: 'room.created' };
    case 'roomUpdated':
      return { type: 'room.updated', name: body.value.name, topic: body.value.topic };
    case 'memberJoined':
      return { type: 'member.joined', userId: body.value.userId };
    case 'memberLeft':
      return { type: 'member.left', userId: body.value.userId };
    case 'memberRemoved':
      return { type: 'member.removed', userId: body.value.userId };
    case 'memberRole':
      return { type: 'member.role', userId: body.value.userId, role: roomRoleText.word(body.value.role) };
    case undefined:
      // chat may be newer than this gateway: the number is told, so that nobody sees a gap
      return { type: 'unknown' };
  }
};
