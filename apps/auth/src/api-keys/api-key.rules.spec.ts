import { goodUntil, isWorthNoting } from './api-key.rules';

const now = new Date('2026-01-01T00:00:00Z');
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const key = { expiresAt: null, revokedAt: null, previousUntil: null };

describe('a secret', () => {
  it.each([
    ['of a key without an end is good without end', key, false, null],
    ['is good until its key expires', { ...key, expiresAt: at(5) }, false, at(5)],
    ['of an expired key is good no more', { ...key, expiresAt: at(0) }, false, undefined],
    ['of a revoked key is good no more', { ...key, expiresAt: at(5), revokedAt: at(-1) }, false, undefined],
    ['that was replaced is good for the overlap', { ...key, previousUntil: at(3) }, true, at(3)],
    [
      'that was replaced does not outlive its key',
      { ...key, expiresAt: at(2), previousUntil: at(3) },
      true,
      at(2),
    ],
    ['that was replaced ends with the overlap', { ...key, previousUntil: at(0) }, true, undefined],
    ['is not touched by the end of the one before', { ...key, previousUntil: at(0) }, false, null],
  ])('%s', (_what, state, isPrevious, until) => {
    expect(goodUntil(state, isPrevious, now)).toEqual(until);
  });
});

it('when a key was last used is written down once an hour', () => {
  expect(isWorthNoting(null, now)).toBe(true);
  expect(isWorthNoting(at(-3599), now)).toBe(false);
  expect(isWorthNoting(at(-3600), now)).toBe(true);
});
