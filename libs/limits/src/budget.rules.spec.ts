import fc from 'fast-check';
import { type Budget, giveBack, spend } from './budget.rules';

const budgets = fc.record({
  tries: fc.integer({ min: 1, max: 20 }),
  everyMs: fc.integer({ min: 1, max: 1000 }),
});
const start = 1_700_000_000_000;

const run = (budget: Budget, pauses: readonly number[]): { taken: number[]; spent: number; now: number } => {
  let [spent, now] = [0, start];
  const taken: number[] = [];
  for (const pause of pauses) {
    now += pause;
    const verdict = spend(budget, spent, now);
    if ('spent' in verdict) {
      spent = verdict.spent;
      taken.push(now);
    }
  }
  return { taken, spent, now };
};
const pauses = fc.array(fc.nat({ max: 2_000 }), { maxLength: 60 });

test('in no time are there more tries than at once and those that have grown back', () => {
  fc.assert(
    fc.property(budgets, pauses, (budget, given) => {
      const { taken } = run(budget, given);
      for (const [i, from] of taken.entries())
        for (const [j, to] of taken.entries())
          if (j >= i)
            expect(j - i + 1).toBeLessThanOrEqual(budget.tries + Math.floor((to - from) / budget.everyMs));
    }),
  );
});

test('who waits as long as they are told may try, and not a moment before', () => {
  fc.assert(
    fc.property(budgets, pauses, (budget, given) => {
      const { spent, now } = run(budget, given);
      const { waitMs } = spend(budget, spent, now);
      expect(spend(budget, spent, now + waitMs).waitMs).toBe(0);
      if (waitMs > 0) expect(spend(budget, spent, now + waitMs - 1).waitMs).toBe(1);
      expect(waitMs).toBeLessThanOrEqual(budget.everyMs);
    }),
  );
});

test('a try that is given back is as if it had not been', () => {
  fc.assert(
    fc.property(budgets, pauses, (budget, given) => {
      const { spent, now } = run(budget, given);
      const verdict = spend(budget, spent, now);
      if (!('spent' in verdict)) return;
      expect(giveBack(budget, verdict.spent)).toBe(Math.max(spent, now));
    }),
  );
});
