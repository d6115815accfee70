import { AppError } from '@veche/errors';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { backoffMs } from './backoff.rules';
import { type LogPage, RoomFeed } from './room-feed';

interface Entry {
  readonly seq: number;
}

/** A log as its database has it, which grows while it is read. */
class Log {
  lastSeq = 0;
  append(): Entry {
    return { seq: ++this.lastSeq };
  }
  page(after: number, limit: number): LogPage<Entry> {
    const to = Math.min(after + limit, this.lastSeq);
    const entries = Array.from({ length: Math.max(0, to - after) }, (_, i) => ({ seq: after + 1 + i }));
    return { entries, lastSeq: this.lastSeq };
  }
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Lets everything happen that is due and waits for nobody. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await setImmediate();
};

describe('a feed', () => {
  /** What the way from the log to the feed does to an entry. */
  const fate = fc.record({
    copies: fc.integer({ min: 0, max: 3 }),
    delay: fc.integer({ min: 0, max: 12 }),
    fetchFails: fc.boolean(),
    appendsDuringFetch: fc.integer({ min: 0, max: 2 }),
  });

  test('is the log, whatever the stream loses, repeats and reorders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fate, { minLength: 1, maxLength: 80 }),
        fc.nat({ max: 5 }),
        fc.boolean(),
        async (scheduler, fates, after, byNumber) => {
          const log = new Log();
          let growing = true;
          while (log.lastSeq < after) log.append();
          const emitted: number[] = [];
          let fetches = 0;
          let reading = 0;
          const feed = new RoomFeed<Entry>({
            after,
            emit: (entry) => emitted.push(entry.seq),
            refused: (error) => {
              throw error;
            },
            pause: () => scheduler.schedule(Promise.resolve(), 'pause'),
            fetch: async (from, limit) => {
              expect(++reading).toBe(1);
              const fated = fates[fetches++ % fates.length];
              const page = log.page(from, limit);
              for (let i = 0; growing && i < (fated?.appendsDuringFetch ?? 0); i++) log.append();
              await scheduler.schedule(Promise.resolve(), 'fetch');
              reading--;
              // two failures in a row at most, so that the run ends
              if (fated?.fetchFails && fetches % 3 > 0) throw new AppError('unavailable');
              return page;
            },
          });

          const heard = fates
            .flatMap(({ copies, delay }, position) => {
              const entry = log.append();
              return Array.from({ length: copies }, (_, i) => ({ entry, at: position + delay * (i + 1) }));
            })
            .sort((a, b) => a.at - b.at);
          for (const { entry } of heard) {
            void scheduler.schedule(Promise.resolve(), 'entry').then(() => feed.receive(entry));
          }
          await scheduler.waitIdle();
          growing = false;
          if (byNumber) feed.notice(log.lastSeq);
          else feed.refresh();
          await scheduler.waitIdle();

          expect(emitted).toEqual(numbers(after + 1, log.lastSeq));
          expect(feed.cursor).toBe(log.lastSeq);
        },
      ),
      { numRuns: 300 },
    );
  });

  const setup = (over: Partial<ConstructorParameters<typeof RoomFeed<Entry>>[0]> = {}) => {
    const log = new Log();
    const emitted: number[] = [];
    const fetches: [number, number][] = [];
    const refusals: AppError[] = [];
    const pauses: number[] = [];
    const feed = new RoomFeed<Entry>({
      after: 0,
      emit: (entry) => emitted.push(entry.seq),
      refused: (error) => refusals.push(error),
      pause: async (ms) => void pauses.push(ms),
      fetch: async (after, limit) => {
        fetches.push([after, limit]);
        return log.page(after, limit);
      },
      ...over,
    });
    return { log, feed, emitted, fetches, refusals, pauses };
  };

  test('reads nothing while what it hears is in order, or soon will be', async () => {
    let patience: () => void = () => undefined;
    const { feed, emitted, fetches } = setup({
      pause: () => new Promise<void>((resolve) => (patience = resolve)),
    });
    for (const seq of [1, 3, 2, 2]) feed.receive({ seq });
    patience();
    await settled();
    expect(emitted).toEqual([1, 2, 3]);
    expect(fetches).toEqual([]);
  });

  test('reads just the gap', async () => {
    const { log, feed, emitted, fetches } = setup();
    for (const entry of numbers(1, 9).map(() => log.append())) {
      if (entry.seq < 4 || entry.seq > 6) feed.receive(entry);
    }
    await settled();
    expect(emitted).toEqual(numbers(1, 9));
    expect(fetches).toEqual([[3, 3]]);
  });

  test('holds a bounded number of entries and reads the rest in bounded pages', async () => {
    const { log, feed, emitted, fetches } = setup();
    const entries = numbers(1, 5_000).map(() => log.append());
    for (const entry of entries.slice(1)) feed.receive(entry);
    await settled();
    expect(emitted).toEqual(numbers(1, 5_000));
    expect(fetches[0]).toEqual([0, 1]);
    expect(fetches.slice(1).map(([after]) => after)).toEqual(numbers(0, 9).map((page) => 257 + 500 * page));
    expect(Math.max(...fetches.map(([, limit]) => limit))).toBe(500);
  });

  test('finds by itself what a refresh asks for', async () => {
    const { log, feed, emitted } = setup();
    for (let i = 0; i < 3; i++) log.append();
    feed.refresh();
    await settled();
    expect(emitted).toEqual([1, 2, 3]);
  });

  test('tries again later and later while the log cannot be read', async () => {
    const { log, feed, emitted, pauses } = setup({
      fetch: async (after, limit) => {
        if (pauses.length < 6) throw new AppError('unavailable');
        return log.page(after, limit);
      },
    });
    log.append();
    feed.notice(1);
    await settled();
    expect(emitted).toEqual([1]);
    for (const [i, ms] of pauses.slice(1).entries()) {
      expect(ms).toBeGreaterThanOrEqual(50 * 2 ** i);
      expect(ms).toBeLessThanOrEqual(100 * 2 ** i);
    }
  });

  test('ends with the refusal when the log is gone', async () => {
    const { feed, emitted, refusals } = setup({
      fetch: async () => {
        throw new AppError('room_not_found');
      },
    });
    feed.notice(1);
    await settled();
    expect(refusals.map((e) => e.code)).toEqual(['room_not_found']);
    feed.receive({ seq: 1 });
    expect(emitted).toEqual([]);
  });

  test('emits nothing once it is closed, even from within an emission', async () => {
    const emitted: number[] = [];
    const { log, feed } = setup({
      emit: ({ seq }) => {
        emitted.push(seq);
        if (seq === 2) feed.close();
      },
    });
    for (let i = 0; i < 5; i++) log.append();
    feed.notice(5);
    await settled();
    expect(emitted).toEqual([1, 2]);
  });
});

test('a wait after a failure is never short, never over five seconds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, random) => {
        const ms = backoffMs(n, random);
        return ms >= 50 && ms <= 5_000;
      },
    ),
  );
});
