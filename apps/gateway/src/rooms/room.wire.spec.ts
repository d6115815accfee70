import { type Room, RoomKind, RoomRole } from '@veche/contracts';
import { roomOverviewToJson, roomToJson } from './room.wire';

const at = new Date('2026-01-02T03:04:05.678Z');
const room: Room = {
  id: 'r',
  kind: RoomKind.PRIVATE,
  name: 'General',
  topic: '',
  createdAt: at,
  createdBy: 'u',
  memberCount: 2,
  lastSeq: 9,
  userIds: [],
  role: RoomRole.OWNER,
};

describe('a room in JSON', () => {
  test('has words for kind and role, and no list of users', () => {
    expect(roomToJson(room)).toEqual({
      id: 'r',
      kind: 'private',
      name: 'General',
      topic: '',
      createdAt: '2026-01-02T03:04:05.678Z',
      createdBy: 'u',
      memberCount: 2,
      lastSeq: 9,
      role: 'owner',
    });
  });

  test('has no name but the two users where it is direct', () => {
    const json = roomToJson({ ...room, kind: RoomKind.DIRECT, name: '', userIds: ['u', 'v'] });
    expect(json).toMatchObject({ kind: 'direct', userIds: ['u', 'v'] });
    expect(json.name).toBeUndefined();
  });

  test('has no role for who is no member', () => {
    expect(roomToJson({ ...room, role: RoomRole.UNSPECIFIED }).role).toBeUndefined();
  });

  test('shows its member what they have read, and the newest message where there is one', () => {
    const message = { id: 'm', text: 't', clientId: 'c', mentions: [], reactions: [], attachments: [] };
    const lastMessage = {
      roomId: 'r',
      seq: 9,
      actorId: 'v',
      at,
      body: { $case: 'messageCreated' as const, value: message },
    };
    expect(
      roomOverviewToJson({ room, readSeq: 8, unread: 1, mentions: 1, unreadMore: true, lastMessage }),
    ).toMatchObject({
      id: 'r',
      readSeq: 8,
      unread: 1,
      mentions: 1,
      unreadMore: true,
      lastMessage: { type: 'message.created', seq: 9, text: 't' },
    });
    const read = roomOverviewToJson({ room, readSeq: 9, unread: 0, mentions: 0, unreadMore: false });
    expect(read.lastMessage).toBeUndefined();
    expect(read.unreadMore).toBeUndefined();
  });
});
