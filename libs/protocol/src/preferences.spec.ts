import { isHidden, isMuted, levelIn } from './preferences';

const usual = { publicLevel: 'mentions', privateLevel: 'nothing', directLevel: 'all' } as const;

test('a room is muted until its end, or for good', () => {
  const mutedUntil = '2026-01-02T03:04:05.000Z';
  const end = Date.parse(mutedUntil);
  expect(isMuted({}, end)).toBe(false);
  expect(isMuted({ muted: true }, end)).toBe(true);
  expect(isMuted({ muted: true, mutedUntil }, end - 1)).toBe(true);
  expect(isMuted({ muted: true, mutedUntil }, end)).toBe(false);
});

test('a direct room is hidden until something is said in it', () => {
  expect(isHidden({ lastMessage: { seq: 9 } })).toBe(false);
  expect(isHidden({ hiddenSeq: 9, lastMessage: { seq: 9 } })).toBe(true);
  expect(isHidden({ hiddenSeq: 9 })).toBe(true);
  expect(isHidden({ hiddenSeq: 9, lastMessage: { seq: 10 } })).toBe(false);
});

test('a level is the room’s own, or that of its kind', () => {
  expect(levelIn({ kind: 'public' }, usual)).toBe('mentions');
  expect(levelIn({ kind: 'private' }, usual)).toBe('nothing');
  expect(levelIn({ kind: 'direct' }, usual)).toBe('all');
  expect(levelIn({ kind: 'private', level: 'all' }, usual)).toBe('all');
});
