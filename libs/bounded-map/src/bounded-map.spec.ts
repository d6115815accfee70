import fc from 'fast-check';
import { BoundedMap } from '.';

/** Numbers between 0 and 1, the same in each run (mulberry32). */
const chance = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    let x = (state = (state + 0x6d2b79f5) | 0);
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
};

describe('a bounded map', () => {
  it('is a map as long as it is not full, and one with some entries less beyond', () => {
    const key = fc.integer({ min: 0, max: 12 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ set: key, value: fc.integer() }) },
      { weight: 2, arbitrary: fc.record({ remove: key }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 14 }), (steps, bound) => {
        const map = new BoundedMap<number, number>(bound, chance(bound));
        const model = new Map<number, number>();
        for (const s of steps) {
          if ('remove' in s) {
            const had = map.has(s.remove);
            expect(map.delete(s.remove)).toBe(had);
            model.delete(s.remove);
          } else {
            map.set(s.set, s.value);
            model.set(s.set, s.value);
            // what was set just now is there, whatever had to go for it
            expect(map.get(s.set)).toBe(s.value);
          }
          expect(map.size).toBeLessThanOrEqual(bound);
          for (const [k, v] of map) expect([k, v]).toEqual([k, model.get(k)]);
          if (bound > 12) expect(new Map(map)).toEqual(model);
        }
      }),
    );
  });

  it('gives everything once, also while what it gives is deleted', () => {
    const map = new BoundedMap<number, number>(100);
    for (let i = 0; i < 100; i++) map.set(i, i);
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      if (key % 3 === 0) map.delete(key);
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(map.size).toBe(66);
  });

  it.each([
    [1, 0.01],
    [100, 0.25],
    [1_000, 0.85],
  ])('misses in proportion when %d keys more than it holds are asked for in turn', (more, most) => {
    const map = new BoundedMap<number, number>(1_000, chance(7));
    const rounds = 20;
    let misses = 0;
    for (let round = 0; round < rounds; round++)
      for (let i = 0; i < 1_000 + more; i++) {
        if (map.has(i)) continue;
        if (round > 0) misses++;
        map.set(i, i);
      }
    expect(misses / ((rounds - 1) * (1_000 + more))).toBeLessThan(most);
  });
});
