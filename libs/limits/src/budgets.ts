import { BoundedMap } from '@veche/bounded-map';
import { type Budget, giveBack, spend, type Spent } from './budget.rules';

/** What replicas know together of what is spent. It may be away, or know nothing. */
export interface SharedTallies {
  /** @returns undefined where nothing is known; what it was for {@link replace} */
  read(key: string): Promise<{ readonly spent: Spent | undefined; readonly was: string | null }>;
  /** Only where it is still what it was: somebody else may have spent meanwhile. */
  replace(key: string, was: string | null, spent: Spent, ttlMs: number): Promise<boolean>;
}

/** Beyond that many, some are forgotten by chance. */
const MOST = 100_000;
/** How often it is tried again when others spend of the same budget at the same moment. */
const TURNS = 5;

/**
 * What is spent of budgets, by whatever they are called. Each replica keeps its own count and believes the larger of that and
 * of what all know together: without Redis, or with one that somebody has emptied, each replica has the whole budget.
 */
export class Budgets {
  private readonly own = new BoundedMap<string, Spent>(MOST);

  constructor(private readonly shared?: SharedTallies) {}

  /** Takes a try. @returns the milliseconds until there is one, 0 where it was taken */
  async take(key: string, budget: Budget, now: number): Promise<number> {
    return this.change(key, budget, now, (spent) => spend(budget, spent, now));
  }

  /** A try that was not to be counted after all. */
  async giveBack(key: string, budget: Budget, now: number): Promise<void> {
    await this.change(key, budget, now, (spent) => ({ spent: giveBack(budget, spent), waitMs: 0 }));
  }

  private async change(
    key: string,
    budget: Budget,
    now: number,
    by: (spent: Spent) => ReturnType<typeof spend>,
  ): Promise<number> {
    // first here, where nothing can come in between: of many at once no more go on than may
    const before = this.own.get(key) ?? 0;
    const here = by(before);
    if (!('spent' in here)) return here.waitMs;
    this.own.set(key, here.spent);
    if (!this.shared) return 0;
    for (let turn = 0; turn < TURNS; turn++) {
      const found = await this.shared.read(key).catch(() => undefined);
      if (!found) return 0;
      const all = by(found.spent ?? 0);
      if (!('spent' in all)) {
        // refused by what others have spent, so nothing was spent here
        this.own.set(key, giveBack(budget, this.own.get(key) ?? 0));
        return all.waitMs;
      }
      const ttlMs = Math.max(budget.everyMs, all.spent - now);
      const replaced = await this.shared.replace(key, found.was, all.spent, ttlMs).catch(() => true);
      if (replaced) return 0;
    }
    return 0;
  }
}
