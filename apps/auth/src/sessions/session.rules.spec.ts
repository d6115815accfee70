import {
  GRACE_MS,
  isAlive,
  type LineState,
  renewal,
  seenAbout,
  type Shown,
  TOGETHER_MS,
} from './session.rules';

const now = new Date('2026-03-01T12:34:56Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const alive = { expiresAt: new Date(now.getTime() + 1), endedAt: null };
const line = (changes: Partial<LineState> = {}): LineState => ({
  isBound: false,
  isAnswered: true,
  ...changes,
});
const used = (ms: number, isLast = true): Shown => ({ usedAt: now.getTime() - ms, isLast });
const long = GRACE_MS + 1;

describe('a refresh token', () => {
  it('gets its successor at its first use', () => {
    for (const isAnswered of [true, false])
      expect(renewal(alive, line({ isAnswered }), 'current', now)).toBe('advance');
  });

  it('still renews within the grace, its last millisecond included', () => {
    for (const isLast of [true, false])
      for (const ms of [0, GRACE_MS]) expect(renewal(alive, line(), used(ms, isLast), now)).toBe('again');
  });

  it('whose successor has not arrived is asked again by tabs together, and later because an answer was lost', () => {
    const unanswered = line({ isAnswered: false });
    for (const ms of [0, TOGETHER_MS]) expect(renewal(alive, unanswered, used(ms), now)).toBe('again');
    for (const ms of [TOGETHER_MS + 1, GRACE_MS, long])
      expect(renewal(alive, unanswered, used(ms), now)).toBe('late');
  });

  it('is a sign of theft after the grace, if its successor has arrived or was used', () => {
    expect(renewal(alive, line(), used(long), now)).toBe('reused');
    expect(renewal(alive, line({ isAnswered: false }), used(long), now)).toBe('late');
    expect(renewal(alive, line({ isAnswered: false }), used(long, false), now)).toBe('reused');
    expect(renewal(alive, line({ isAnswered: false }), 'older', now)).toBe('reused');
  });

  it('renews however old it is where the key of its device proves who asks', () => {
    for (const shown of [used(long), used(long, false), 'older'] as const)
      expect(renewal(alive, line({ isBound: true }), shown, now)).toBe('again');
  });

  it('renews nothing once its session has ended or expired, whatever its own state', () => {
    for (const shown of ['current', used(0), 'older'] as const)
      for (const isBound of [true, false]) {
        expect(renewal({ ...alive, endedAt: ago(1) }, line({ isBound }), shown, now)).toBe('ended');
        expect(renewal({ ...alive, expiresAt: now }, line({ isBound }), shown, now)).toBe('expired');
      }
  });
});

describe('a session', () => {
  it('lives until it is ended or expires', () => {
    expect(isAlive(alive, now)).toBe(true);
    expect(isAlive({ ...alive, expiresAt: now }, now)).toBe(false);
    expect(isAlive({ ...alive, endedAt: now }, now)).toBe(false);
  });

  it('was last seen in this hour, or in an hour of before', () => {
    const told = (ms: number): string => seenAbout(ago(ms), now).toISOString().slice(0, 16);
    for (const ms of [0, 1, 60_000, 40 * 60_000, 3_599_999]) expect(told(ms)).toBe('2026-03-01T12:00');
    expect(told(3_600_000)).toBe('2026-03-01T11:00');
    expect(told(3_600_000 + 40 * 60_000)).toBe('2026-03-01T10:00');
  });
});
