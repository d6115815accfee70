import { judgeRoot, type Root } from './thread.rules';

const root: Root = { isDeleted: false, isInThread: false, hasThread: false, lastSeq: 0 };

test.each<[string, Root | undefined, string]>([
  ['a message of the room', root, 'allowed'],
  ['one that has replies', { ...root, hasThread: true, lastSeq: 9 }, 'allowed'],
  ['one that is deleted and has replies', { ...root, hasThread: true, isDeleted: true }, 'allowed'],
  ['one that is deleted and has none', { ...root, isDeleted: true }, 'message_not_found'],
  ['one that is not there', undefined, 'message_not_found'],
  ['a reply in a thread', { ...root, isInThread: true }, 'already_in_thread'],
])('a thread hangs on %s, or not', (_what, message, verdict) => {
  expect(judgeRoot(message)).toBe(verdict);
});
