import { isComplete, judge, type Sending, withinBytes } from './log.rules';

const room = { id: 'r', kind: 'private', lastSeq: 7 };
const message = (clientId: string, more: Partial<Sending> = {}): Sending => ({
  roomId: 'r',
  authorId: 'anna',
  clientId,
  ...more,
});
const known = { member: true, replyExists: false };

describe('messages that share a commit', () => {
  test('are numbered in the order in which they came, each room from its own end', () => {
    const other = { id: 's', kind: 'public', lastSeq: 0 };
    const messages = [message('1'), message('2', { roomId: 's' }), message('3')];
    expect(judge(messages, [known, known, known], [room, other])).toEqual([
      { kind: 'append', seq: 8 },
      { kind: 'append', seq: 1 },
      { kind: 'append', seq: 9 },
    ]);
  });

  test('leave no gap where one is refused', () => {
    const messages = [message('1'), message('2', { replyTo: 9 }), message('3')];
    expect(judge(messages, [known, known, known], [room])).toEqual([
      { kind: 'append', seq: 8 },
      { kind: 'refuse', code: 'message_not_found' },
      { kind: 'append', seq: 9 },
    ]);
  });

  test('with the same client id are one; of two authors they are two', () => {
    const messages = [message('1'), message('1'), message('1', { authorId: 'boris' })];
    expect(judge(messages, [known, known, known], [room])).toEqual([
      { kind: 'append', seq: 8 },
      { kind: 'twin', of: 0 },
      { kind: 'append', seq: 9 },
    ]);
  });

  test('with the same client id for two rooms are two', () => {
    const other = { id: 's', kind: 'public', lastSeq: 0 };
    const messages = [message('1'), message('1', { roomId: 's' })];
    expect(judge(messages, [known, known], [room, other])).toEqual([
      { kind: 'append', seq: 8 },
      { kind: 'append', seq: 1 },
    ]);
  });

  test('do not share the fate of a refused one with their client id', () => {
    const messages = [message('1', { replyTo: 99 }), message('1')];
    expect(judge(messages, [known, known], [room])[1]).toEqual({ kind: 'append', seq: 8 });
  });

  test('that were committed before get their entry, also by who is a member no more', () => {
    const original = { seq: 3 };
    expect(judge([message('1')], [{ ...known, member: false, original }], [room])).toEqual([
      { kind: 'original', entry: original },
    ]);
  });

  test('are gone with their room', () => {
    expect(judge([message('1')], [{ ...known, original: { seq: 3 } }], [])).toEqual([
      { kind: 'refuse', code: 'room_not_found' },
    ]);
  });

  test('by strangers are refused, and a private room does not show', () => {
    const stranger = { ...known, member: false };
    const codeFor = (rooms: { id: string; kind: string; lastSeq: number }[]) =>
      judge([message('1')], [stranger], rooms)[0];
    expect(codeFor([{ ...room, kind: 'public' }])).toEqual({ kind: 'refuse', code: 'not_a_member' });
    for (const rooms of [[room], [{ ...room, kind: 'direct' }], []])
      expect(codeFor(rooms)).toEqual({ kind: 'refuse', code: 'room_not_found' });
  });
});

test('a catch-up is complete exactly where it reaches the end of the log', () => {
  expect(isComplete(0, [{ seq: 1 }, { seq: 2 }], 2)).toBe(true);
  expect(isComplete(0, [{ seq: 1 }], 2)).toBe(false);
  expect(isComplete(2, [], 2)).toBe(true);
  expect(isComplete(3, [], 2)).toBe(false);
});

describe('a page', () => {
  const weigh = (texts: string[], bytes: number) => withinBytes(texts, bytes, (text) => text.length).length;
  test('ends before it weighs too much', () => {
    const texts = Array.from({ length: 10 }, () => 'x'.repeat(1000));
    expect(weigh(texts, 100_000)).toBe(10);
    expect(weigh(texts, 10_000)).toBe(3);
  });
  test('has one entry at least, or nobody would get on', () => {
    expect(weigh(['x'.repeat(1000), 'y'], 10)).toBe(1);
    expect(weigh([], 10)).toBe(0);
  });
});
