import fc from 'fast-check';
import { Places } from './places';

test('nobody holds more places than there are for one, nor all of them more than there are', () => {
  const step = fc.oneof(
    fc.record({ take: fc.constantFrom('a', 'b', 'c'), places: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ leave: fc.nat({ max: 20 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const places = new Places({ each: 3, all: 5 });
      const held: { holder: string; places: number; leave: () => void; isLeft: boolean }[] = [];
      const taken = (holder?: string): number =>
        held
          .filter((h) => !h.isLeft && (holder === undefined || h.holder === holder))
          .reduce((sum, h) => sum + h.places, 0);
      for (const s of steps) {
        if ('take' in s) {
          const leave = places.take(s.take, s.places);
          expect(leave !== undefined).toBe(taken(s.take) + s.places <= 3 && taken() + s.places <= 5);
          if (leave) held.push({ holder: s.take, places: s.places, leave, isLeft: false });
        } else {
          const one = held[s.leave];
          one?.leave();
          if (one) one.isLeft = true;
        }
      }
    }),
  );
});
