import { setTimeout as pause } from 'node:timers/promises';

/** Something that a process needs. */
export interface Need {
  /** One word: `database`. */
  readonly name: string;
  /** Whether the process can do its work without it. */
  readonly vital: boolean;
  /**
   * Gives what is wrong that it can do without, in words.
   * @throws Error that says what is wrong, in words
   */
  readonly look: () => Promise<string | void>;
}

/** What was found of one need. */
export interface Found {
  readonly name: string;
  readonly vital: boolean;
  readonly ok: boolean;
  /** What is wrong, also where it can do without; empty where nothing is. */
  readonly detail: string;
}

/** Shorter than a caller's patience: what does not answer meanwhile is not there. */
const PATIENCE_MS = 800;
/** What was found is told again for so long: strangers may ask as often as they like, the database is not asked more often. */
const FRESH_MS = 1_000;

/** Whether a process has what it needs to do its work. */
export class Checks {
  private last?: { until: number; found: Promise<readonly Found[]> };

  constructor(private readonly needs: readonly Need[]) {}

  /** Looks at everything at once, within a second. Never throws. */
  found(): Promise<readonly Found[]> {
    const now = performance.now();
    if (!this.last || this.last.until < now)
      this.last = { until: now + FRESH_MS, found: Promise.all(this.needs.map(look)) };
    return this.last.found;
  }

  /** Whether everything is there that the process cannot do without. */
  async able(): Promise<boolean> {
    return (await this.found()).every(({ ok, vital }) => ok || !vital);
  }
}

const look = async ({ name, vital, look }: Need): Promise<Found> => {
  const settled = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: settled.signal }).then(
    () => Promise.reject(new Error(`no answer within ${PATIENCE_MS} ms`)),
    () => undefined,
  );
  try {
    const detail = (await Promise.race([look(), late])) ?? '';
    return { name, vital, ok: true, detail };
  } catch (error) {
    return { name, vital, ok: false, detail: (error as Error).message };
  } finally {
    settled.abort();
  }
};
