import { foldReply } from './threads';

const reply = (seq: number, actorId: string) => ({ seq, actorId, at: `2026-01-02T03:04:${seq}.000Z` });

test('a thread counts its replies once, and names who wrote last first', () => {
  const first = foldReply(undefined, reply(10, 'anna'));
  expect(first).toEqual({
    replies: 1,
    lastSeq: 10,
    lastAt: '2026-01-02T03:04:10.000Z',
    participants: ['anna'],
    countedSeq: 10,
  });
  const second = foldReply(first, reply(12, 'boris'));
  expect(second).toMatchObject({ replies: 2, lastSeq: 12, participants: ['boris', 'anna'] });
  expect(foldReply(second, reply(13, 'anna')).participants).toEqual(['anna', 'boris']);
  // what was read later has it already
  expect(foldReply(second, reply(12, 'boris'))).toBe(second);
});

test('five of those who wrote are named', () => {
  const many = Array.from({ length: 8 }, (_, i) => reply(10 + i, `u${i}`));
  const thread = many.reduce<ReturnType<typeof foldReply> | undefined>(foldReply, undefined);
  expect(thread).toMatchObject({ replies: 8, participants: ['u7', 'u6', 'u5', 'u4', 'u3'] });
});
