import { type Entry, MentionKind, RoomRole } from '@veche/contracts';
import { entryToJson } from './entry.wire';

const at = new Date('2026-01-02T03:04:05.678Z');
const entry = (body: Entry['body']): Entry => ({ roomId: 'r', seq: 7, actorId: 'a', at, body });
const json = (body: Entry['body']): unknown => JSON.parse(JSON.stringify(entryToJson(entry(body))));
const head = { roomId: 'r', seq: 7, actorId: 'a', at: '2026-01-02T03:04:05.678Z' };

const ATTACHMENT = { id: 'f', name: 'a.txt', size: 3, type: 'text/plain', thumbnails: [] };

describe('an entry in JSON', () => {
  test.each<[string, Entry['body'], object]>([
    [
      'message.created',
      {
        $case: 'messageCreated',
        value: {
          id: 'i',
          text: 't',
          clientId: 'c',
          replyTo: 3,
          mentions: [],
          reactions: [],
          attachments: [],
        },
      },
      { id: 'i', text: 't', clientId: 'c', replyTo: 3, mentions: [], reactions: [] },
    ],
    [
      'message.created',
      {
        $case: 'messageCreated',
        value: {
          id: 'i',
          text: '@b @here',
          clientId: 'c',
          mentions: [
            { kind: MentionKind.USER, id: 'u', name: 'b' },
            { kind: MentionKind.HERE },
            { kind: MentionKind.UNRECOGNIZED },
          ],
          reactions: [{ emoji: '👍', count: 1, mine: true, userIds: ['u'] }],
          reactionsSeq: 5,
          attachments: [ATTACHMENT],
        },
      },
      {
        id: 'i',
        text: '@b @here',
        clientId: 'c',
        mentions: [{ kind: 'user', id: 'u', name: 'b' }, { kind: 'here' }],
        reactions: [{ emoji: '👍', count: 1, mine: true, userIds: ['u'] }],
        reactionsSeq: 5,
        attachments: [ATTACHMENT],
      },
    ],
    [
      'message.created',
      {
        $case: 'messageCreated',
        value: {
          id: 'i',
          text: '',
          clientId: '',
          mentions: [],
          deletedAt: at,
          reactions: [],
          attachments: [],
        },
      },
      { id: 'i', text: '', clientId: '', mentions: [], deletedAt: head.at, reactions: [] },
    ],
    [
      'message.edited',
      { $case: 'messageEdited', value: { target: 3, text: 't', mentions: [{ kind: MentionKind.ROOM }] } },
      { target: 3, text: 't', mentions: [{ kind: 'room' }] },
    ],
    [
      'message.edited',
      { $case: 'messageEdited', value: { target: 3, mentions: [] } },
      { target: 3, mentions: [] },
    ],
    ['message.deleted', { $case: 'messageDeleted', value: { target: 3 } }, { target: 3 }],
    [
      'reaction.added',
      { $case: 'reactionAdded', value: { target: 3, emoji: '👍' } },
      { target: 3, emoji: '👍' },
    ],
    [
      'reaction.removed',
      { $case: 'reactionRemoved', value: { target: 3, emoji: '👍' } },
      { target: 3, emoji: '👍' },
    ],
    ['message.pinned', { $case: 'messagePinned', value: { target: 3 } }, { target: 3 }],
    ['message.unpinned', { $case: 'messageUnpinned', value: { target: 3 } }, { target: 3 }],
    ['messages.deleted', { $case: 'messagesDeleted', value: { userId: 'u' } }, { userId: 'u' }],
    ['room.created', { $case: 'roomCreated', value: {} }, {}],
    ['room.updated', { $case: 'roomUpdated', value: { name: 'n', topic: '' } }, { name: 'n', topic: '' }],
    ['member.joined', { $case: 'memberJoined', value: { userId: 'u' } }, { userId: 'u' }],
    ['member.left', { $case: 'memberLeft', value: { userId: 'u' } }, { userId: 'u' }],
    ['member.removed', { $case: 'memberRemoved', value: { userId: 'u' } }, { userId: 'u' }],
    [
      'member.role',
      { $case: 'memberRole', value: { userId: 'u', role: RoomRole.MODERATOR } },
      { userId: 'u', role: 'moderator' },
    ],
    ['unknown', undefined, {}],
  ])('of type %s is flat, with its own fields', (type, body, fields) => {
    expect(json(body)).toEqual({ ...head, type, ...fields });
  });
});
