import { type Entry, roomRoleText } from '@veche/contracts';
import { isoTime } from '../iso-time';
import type { EntryDto } from './entry.dto';

/** An entry as the JSON doors show it: REST and Socket.IO alike. */
export const entryToJson = (entry: Entry): EntryDto => ({
  roomId: entry.roomId,
  seq: entry.seq,
  actorId: entry.actorId,
  at: isoTime(entry.at),
  ...bodyToJson(entry.body),
});

type Body = Pick<EntryDto, 'type'> & Partial<EntryDto>;

const bodyToJson = (body: Entry['body']): Body => {
  switch (body?.$case) {
    case 'messageCreated': {
      const { id, text, clientId, replyTo } = body.value;
      return { type: 'message.created', id, text, clientId, ...(replyTo === undefined ? {} : { replyTo }) };
    }
    case 'roomCreated':
      return { type: 'room.created' };
    case 'roomUpdated': {
      const { name, topic } = body.value;
      return {
        type: 'room.updated',
        ...(name === undefined ? {} : { name }),
        ...(topic === undefined ? {} : { topic }),
      };
    }
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
