import { GRACE_MS, isAlive, renewal, type Shown } from './session.rules';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const alive = { expiresAt: new Date(now.getTime() + 1), endedAt: null };
const shown = (retiredAt: Date | null, hasUnusedHeir = false): Shown => ({ retiredAt, hasUnusedHeir });
const long = ago(GRACE_MS + 1);

describe('a refresh token', () => {
  it('is exchanged at its first use', () => {
    expect(renewal(alive, shown(null), false, now)).toBe('rotate');
  });

  it('still renews within the grace, its last millisecond included', () => {
    expect(renewal(alive, shown(now), false, now)).toBe('again');
    expect(renewal(alive, shown(ago(GRACE_MS)), false, now)).toBe('again');
  });

  it('is a sign of theft after the grace', () => {
    expect(renewal(alive, shown(long, true), false, now)).toBe('reused');
  });

  it('renews after the grace where no answer is known and nothing that came of it was used', () => {
    expect(renewal(alive, shown(long, true), true, now)).toBe('again');
    expect(renewal(alive, shown(long, false), true, now)).toBe('reused');
  });

  it('renews nothing once its session has ended or expired, whatever its own state', () => {
    for (const token of [shown(null), shown(now), shown(long, true)]) {
      expect(renewal({ ...alive, endedAt: ago(1) }, token, true, now)).toBe('ended');
      expect(renewal({ ...alive, expiresAt: now }, token, true, now)).toBe('expired');
    }
  });
});

describe('a session', () => {
  it('lives until it is ended or expires', () => {
    expect(isAlive(alive, now)).toBe(true);
    expect(isAlive({ ...alive, expiresAt: now }, now)).toBe(false);
    expect(isAlive({ ...alive, endedAt: now }, now)).toBe(false);
  });
});
