import { AppError } from '@veche/errors';
import { setImmediate } from 'node:timers/promises';
import { SharedCommits } from './shared-commits';

const LATER = Date.now() + 60_000;

/** Commits that end when the test says so. */
const controlled = (bounds = { batch: 3, waiting: 100 }) => {
  const batches: string[][] = [];
  const ends: { resolve: (answers: (string | Error)[]) => void; reject: (error: Error) => void }[] = [];
  const commits = new SharedCommits<string, string>((items) => {
    batches.push([...items]);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  }, bounds);
  const end = async (answer: (item: string) => string | Error = (item) => item.toUpperCase()) => {
    ends.at(-1)?.resolve((batches.at(-1) ?? []).map(answer));
    await setImmediate();
  };
  return { commits, batches, end, fail: (error: Error) => ends.at(-1)?.reject(error) };
};

describe('shared commits', () => {
  test('a lone item goes at once', () => {
    const { commits, batches } = controlled();
    void commits.push('a', LATER);
    expect(batches).toEqual([['a']]);
  });

  test('what comes during a commit shares the next, in order and up to the bound', async () => {
    const { commits, batches, end } = controlled();
    const answers = Promise.all([...'abcdef'].map((item) => commits.push(item, LATER)));
    await end();
    await end();
    await end();
    expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['e', 'f']]);
    expect(await answers).toEqual([...'ABCDEF']);
  });

  test('an item that fails alone fails alone', async () => {
    const { commits, end } = controlled();
    const answers = Promise.allSettled([...'abcd'].map((item) => commits.push(item, LATER)));
    await end();
    await end((item) => (item === 'c' ? new AppError('not_a_member') : item));
    expect((await answers).map((a) => a.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  test('a commit that fails is told to all who shared it, and the next goes on', async () => {
    const { commits, end, fail } = controlled();
    const first = commits.push('a', LATER);
    const second = commits.push('b', LATER);
    fail(new AppError('unavailable'));
    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    await end();
    await expect(second).resolves.toBe('B');
  });

  test('what nobody waits for any more is not committed', async () => {
    const { commits, batches, end } = controlled();
    const answers = Promise.allSettled([commits.push('a', LATER), commits.push('b', Date.now() - 1)]);
    await end();
    expect(await answers).toMatchObject([{ value: 'A' }, { reason: { code: 'deadline_exceeded' } }]);
    expect(batches).toEqual([['a']]);
  });

  test('past the bound of those who wait, more are refused', async () => {
    const { commits } = controlled({ batch: 1, waiting: 2 });
    for (const item of 'abc') commits.push(item, LATER).catch(() => undefined);
    await expect(commits.push('d', LATER)).rejects.toMatchObject({ code: 'overloaded' });
  });

  test('closing waits for what was taken and takes no more', async () => {
    const { commits, end } = controlled();
    const taken = Promise.all([commits.push('a', LATER), commits.push('b', LATER)]);
    let closed = false;
    const closing = commits.close().then(() => (closed = true));
    await expect(commits.push('c', LATER)).rejects.toMatchObject({ code: 'unavailable' });
    await end();
    expect(closed).toBe(false);
    await end();
    expect(await taken).toEqual(['A', 'B']);
    await closing;
  });
});
