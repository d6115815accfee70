import type { Thread } from '@veche/client';
import { threadText } from './thread-text';

const thread = (replies: number, unread: number, more: object = {}): Thread => ({
  ...{ roomId: 'r', threadSeq: 4, following: true, readSeq: 4, unread },
  root: {
    ...{ type: 'message.created', roomId: 'r', seq: 4, actorId: 'anna', at: '2026-01-02T03:04:05.678Z' },
    ...{ id: 'm', text: 'What shall\nwe eat?', clientId: 'c', mentions: [], reactions: [] },
    thread: { replies, participants: [], countedSeq: 9 },
    ...more,
  },
});

test.each([
  [thread(1, 1), 'Kitchen 4  Anna: What shall we eat? [1 reply] (1 unread)'],
  [thread(3, 0), 'Kitchen 4  Anna: What shall we eat? [3 replies]'],
  [thread(2, 2, { text: '', deletedAt: 'now' }), 'Kitchen 4  Anna: (deleted) [2 replies] (2 unread)'],
])('a thread is one line', (it, line) => {
  expect(threadText(it, 'Kitchen', () => 'Anna')).toBe(line);
});
