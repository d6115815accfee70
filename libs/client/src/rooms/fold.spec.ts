import type { Entry, MessageCreated, MessagesDeleted, RoomOverview } from '@veche/protocol';
import { foldOverview, foldShown } from './fold';

const at = '2026-01-02T03:04:05.678Z';
const later = '2026-01-02T04:00:00.000Z';
const message = (seq: number, actorId: string): MessageCreated => ({
  roomId: 'r',
  seq,
  actorId,
  at,
  type: 'message.created',
  id: `m${seq}`,
  text: 'text',
  clientId: `c${seq}`,
});
const deletion: MessagesDeleted = {
  roomId: 'r',
  seq: 5,
  actorId: 'a',
  at: later,
  type: 'messages.deleted',
  userId: 'a',
};

describe('messages of an account that was deleted', () => {
  it('lose their texts, and nobody else loses any', () => {
    expect(foldShown(message(4, 'a'), deletion)).toEqual({
      ...message(4, 'a'),
      text: '',
      clientId: '',
      deletedAt: later,
    });
    const others = message(3, 'b');
    expect(foldShown(others, deletion)).toBe(others);
  });

  it('were deleted when they were, if that was before', () => {
    expect(foldShown({ ...message(4, 'a'), deletedAt: at }, deletion).deletedAt).toBe(at);
  });

  it('are those before the entry that says so, and change with no other entry', () => {
    const newer = message(6, 'a');
    expect(foldShown(newer, deletion)).toBe(newer);
    const left: Entry = { ...deletion, type: 'member.left' };
    expect(foldShown(message(4, 'a'), left).text).toBe('text');
  });

  it('are shown so in the list of rooms, and counted as before', () => {
    const room: RoomOverview = {
      id: 'r',
      kind: 'public',
      topic: '',
      createdAt: at,
      createdBy: 'a',
      memberCount: 2,
      lastSeq: 4,
      readSeq: 1,
      unread: 2,
      lastMessage: message(4, 'a'),
    };
    expect(foldOverview(room, deletion, 'b')).toMatchObject({
      lastSeq: 5,
      unread: 2,
      lastMessage: { seq: 4, text: '', deletedAt: later },
    });
  });
});
