import { wrongWish } from './preference.rules';

const now = new Date('2026-01-02T03:04:05.678Z');
const inMs = (ms: number): Date => new Date(now.getTime() + ms);
const YEAR_MS = 366 * 86_400_000;

test.each([
  [{}, 'public'],
  [{ muted: true }, 'public'],
  [{ muted: false }, 'private'],
  [{ muted: true, mutedUntil: inMs(1) }, 'direct'],
  [{ muted: true, mutedUntil: inMs(YEAR_MS) }, 'direct'],
  [{ hidden: true }, 'direct'],
] as const)('%j can be wished of a %s room', (wish, kind) => {
  expect(wrongWish(wish, kind, now)).toBeUndefined();
});

test.each([
  [{ muted: true, mutedUntil: now }, 'public', 'mutedUntil'],
  [{ muted: true, mutedUntil: inMs(YEAR_MS + 1) }, 'public', 'mutedUntil'],
  [{ mutedUntil: inMs(1) }, 'public', 'mutedUntil'],
  [{ muted: false, mutedUntil: inMs(1) }, 'public', 'mutedUntil'],
  [{ hidden: true }, 'public', 'hidden'],
  [{ hidden: false }, 'private', 'hidden'],
] as const)('%j cannot be wished of a %s room', (wish, kind, field) => {
  expect(wrongWish(wish, kind, now)).toMatchObject({ field });
});
