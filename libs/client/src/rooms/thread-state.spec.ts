import type { MessageCreated, MessageDeleted, Thread, ThreadMark } from '@veche/protocol';
import { changesOthers, foldOverview, foldShown } from './fold';
import { foldThread, isCalledInto, isUnknownAfter } from './thread-state';

const at = '2026-01-02T03:04:05.678Z';
const message = (seq: number, actorId: string, more: Partial<MessageCreated> = {}): MessageCreated => ({
  ...{ roomId: 'r', seq, actorId, at, type: 'message.created', id: `m${seq}`, text: 'text' },
  ...{ clientId: `c${seq}`, mentions: [], reactions: [], ...more },
});
const reply = (seq: number, actorId: string, more: Partial<MessageCreated> = {}): MessageCreated =>
  message(seq, actorId, { threadSeq: 1, threadAuthorId: 'anna', ...more });
const deleted = (seq: number, target: number, replies: number): MessageDeleted => ({
  ...{ roomId: 'r', seq, actorId: 'boris', at, type: 'message.deleted', target, threadSeq: 1 },
  thread: { replies, participants: [], countedSeq: seq },
});
const mark = (readSeq: number, more: Partial<ThreadMark> = {}): ThreadMark => ({
  ...{ roomId: 'r', threadSeq: 1, following: true, readSeq, ...more },
});
const thread: Thread = {
  ...{ roomId: 'r', threadSeq: 1, root: message(1, 'anna'), following: true, readSeq: 1, unread: 0 },
};

describe('a reply in a thread', () => {
  test('is counted where the thread hangs, and is nothing of the room unless it is shown there', () => {
    const root = foldShown(message(1, 'anna'), reply(5, 'boris'), 'anna');
    expect(root.thread).toMatchObject({ replies: 1, participants: ['boris'], countedSeq: 5 });
    expect(foldShown(root, deleted(6, 5, 0), 'anna').thread).toMatchObject({ replies: 0, countedSeq: 6 });
    expect(changesOthers(reply(5, 'boris'))).toBe(true);
    expect(changesOthers(message(5, 'boris'))).toBe(false);
    const room = {
      ...{ id: 'r', kind: 'public' as const, topic: '', createdAt: at, createdBy: 'anna', memberCount: 2 },
      ...{ lastSeq: 4, readSeq: 4, unread: 0, mentions: 0, lastMessage: message(1, 'anna') },
    };
    const calling = { mentions: [{ kind: 'user' as const, id: 'anna', name: 'anna' }] };
    expect(foldOverview(room, reply(5, 'boris', calling), 'anna')).toMatchObject({
      ...{ lastSeq: 5, unread: 0, mentions: 1, lastMessage: { seq: 1, thread: { replies: 1 } } },
    });
    const shown = reply(5, 'boris', { alsoInRoom: true });
    expect(foldOverview(room, shown, 'anna')).toMatchObject({ unread: 1, lastMessage: { seq: 5 } });
  });

  test('is unread where it is another’s and behind the mark, once', () => {
    const one = foldThread(thread, reply(5, 'boris'), 'anna');
    expect(one).toMatchObject({ unread: 1, root: { thread: { replies: 1 } } });
    expect(foldThread(one, reply(5, 'boris'), 'anna')).toBe(one);
    expect(foldThread(one, reply(6, 'anna'), 'anna').unread).toBe(1);
    expect(foldThread(one, { ...reply(6, 'boris'), roomId: 'other' }, 'anna')).toBe(one);
    expect(foldThread(one, reply(6, 'boris', { deletedAt: at }), 'anna').unread).toBe(1);
  });

  test('makes those follow its thread who wrote it, are answered or mentioned', () => {
    const calls = (who: string) => [{ kind: 'user' as const, id: who, name: who }];
    expect(isCalledInto(reply(5, 'boris'), 'anna')).toBe(true);
    expect(isCalledInto(reply(5, 'boris'), 'boris')).toBe(true);
    expect(isCalledInto(reply(5, 'boris'), 'clara')).toBe(false);
    expect(isCalledInto(reply(5, 'boris', { mentions: calls('clara') }), 'clara')).toBe(true);
    expect(isCalledInto(message(5, 'anna'), 'anna')).toBe(false);
  });
});

describe('the mark in a thread', () => {
  const unread = foldThread(foldThread(thread, reply(5, 'boris'), 'anna'), reply(6, 'boris'), 'anna');

  test('goes forward, back with a greater revision alone, and leaves nothing unread at the end', () => {
    const read = foldThread(unread, mark(6), 'anna');
    expect(read).toMatchObject({ readSeq: 6, unread: 0 });
    expect(foldThread(read, mark(5), 'anna')).toBe(read);
    const back = foldThread(read, mark(4, { revision: 1 }), 'anna');
    expect(back).toMatchObject({ readSeq: 4, revision: 1 });
    expect(isUnknownAfter(back, mark(4, { revision: 1 }), 'anna')).toBe(true);
    expect(foldThread(back, mark(6), 'anna')).toBe(back);
    expect(foldThread(back, mark(4, { following: false, revision: 2 }), 'anna')).toMatchObject({
      following: false,
      unread: 0,
    });
  });

  test('has to be asked for after what does not say whose reply is gone', () => {
    const after = foldThread(unread, deleted(7, 5, 1), 'anna');
    expect(isUnknownAfter(after, deleted(7, 5, 1), 'anna')).toBe(true);
    const gone = {
      ...{ roomId: 'r', seq: 8, actorId: 'b', at },
      type: 'messages.deleted',
      userId: 'b',
    } as const;
    expect(isUnknownAfter(after, gone, 'anna')).toBe(true);
    expect(isUnknownAfter(after, reply(9, 'boris'), 'anna')).toBe(false);
  });
});
