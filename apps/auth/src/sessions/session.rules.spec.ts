import { GRACE_MS, isAlive, renewal } from './session.rules';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (ms: number): Date => new Date(now.getTime() - ms);
const alive = { expiresAt: new Date(now.getTime() + 1), endedAt: null };

describe('a refresh token', () => {
  it('is exchanged at its first use', () => {
    expect(renewal(alive, { retiredAt: null }, now)).toBe('rotate');
  });

  it('still renews within the grace, its last millisecond included', () => {
    expect(renewal(alive, { retiredAt: now }, now)).toBe('again');
    expect(renewal(alive, { retiredAt: ago(GRACE_MS) }, now)).toBe('again');
  });

  it('is a sign of theft after the grace', () => {
    expect(renewal(alive, { retiredAt: ago(GRACE_MS + 1) }, now)).toBe('reused');
  });

  it('renews nothing once its session has ended or expired, whatever its own state', () => {
    for (const retiredAt of [null, now, ago(GRACE_MS + 1)]) {
      expect(renewal({ ...alive, endedAt: ago(1) }, { retiredAt }, now)).toBe('ended');
      expect(renewal({ ...alive, expiresAt: now }, { retiredAt }, now)).toBe('expired');
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
