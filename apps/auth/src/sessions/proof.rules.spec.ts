import { isFresh, NONCE_MS, remember, SKEW_MS, type UsedProof } from './proof.rules';

const now = 1_800_000_000_000;

describe('a proof', () => {
  it('is fresh by the clock of its device within a minute', () => {
    for (const skew of [0, SKEW_MS, -SKEW_MS])
      expect(isFresh({ device: now + skew, nonce: undefined }, now)).toBe(true);
    for (const skew of [SKEW_MS + 1, -SKEW_MS - 1])
      expect(isFresh({ device: now + skew, nonce: undefined }, now)).toBe(false);
  });

  it('is fresh by a nonce of ours, whatever the clock of its device says', () => {
    for (const device of [0, now, 9e15]) {
      expect(isFresh({ device, nonce: now }, now)).toBe(true);
      expect(isFresh({ device, nonce: now - NONCE_MS }, now)).toBe(true);
      for (const nonce of [0, NaN, now - NONCE_MS - 1, now + 1])
        expect(isFresh({ device, nonce }, now)).toBe(false);
    }
  });

  it('counts once, for as long as it is fresh', () => {
    const [, used] = ['a', 'b'].map((id) => remember([], id, now) as readonly UsedProof[]);
    expect(remember(used ?? [], 'b', now + NONCE_MS)).toBe('replayed');
    expect(remember(used ?? [], 'a', now + NONCE_MS)).toHaveLength(2);
    // by then it is refused for its age
    expect(remember(used ?? [], 'b', now + NONCE_MS + 1)).toHaveLength(1);
    expect(isFresh({ device: now + SKEW_MS, nonce: undefined }, now + NONCE_MS + 1)).toBe(false);
  });

  it('is one of a bounded number in that time', () => {
    let used: readonly UsedProof[] = [];
    for (let i = 0; i < 128; i++) used = remember(used, `${i}`, now + i) as readonly UsedProof[];
    expect(remember(used, 'one more', now + 128)).toBe('too many');
    expect(remember(used, 'one more', now + NONCE_MS + 1)).toHaveLength(128);
  });
});
