import { AppError } from '@veche/errors';
import { eventually } from '@veche/testing';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { type Answer, type Bounds, HELD, SharedCommits } from './shared-commits';

const LATER = Date.now() + 60_000;

/** Commits that end when the test says so. The first letter of an item is its room. */
const controlled = (bounds: Partial<Bounds> = {}) => {
  const batches: string[][] = [];
  const ends: { resolve: (answers: Answer<string>[]) => void; reject: (error: Error) => void }[] = [];
  const commits = new SharedCommits<string, string>(
    (items) => {
      batches.push([...items]);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
    ([room = '']) => room,
    { batch: 3, parallel: 1, worthwhile: 1, waiting: 100, held: 10, ...bounds },
  );
  type Answers = (item: string) => Answer<string>;
  const resolve = (batch: number, answer: Answers = (item) => item.toUpperCase()): void =>
    ends[batch]?.resolve((batches[batch] ?? []).map(answer));
  const endOf = async (batch: number, answer?: Answers) => {
    resolve(batch, answer);
    await setImmediate();
  };
  const end = (answer?: Answers) => endOf(batches.length - 1, answer);
  /** The batch of this number has begun. */
  const begun = (batch: number) => eventually(() => batches[batch]);
  return { commits, batches, resolve, end, endOf, begun, fail: (error: Error) => ends.at(-1)?.reject(error) };
};
const heldIn = (rooms: string) => (item: string) => (rooms.includes(item[0]!) ? HELD : item.toUpperCase());

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

describe('a room that is held', () => {
  test('holds up nobody else: its items go on by themselves, and the others at once', async () => {
    const { commits, batches, endOf, begun } = controlled();
    const held = commits.push('a1', LATER);
    const other = commits.push('b1', LATER);
    await endOf(0, heldIn('a'));
    expect(batches[1]).toEqual(['b1']);
    await endOf(1);
    expect(await other).toBe('B1');
    expect(await begun(2)).toEqual(['a1']);
    await endOf(2);
    expect(await held).toBe('A1');
  });

  test('keeps the order of what is for it, and is one of the others again once all that is done', async () => {
    const { commits, batches, resolve, endOf, begun } = controlled();
    const done: string[] = [];
    const push = (item: string): void => void commits.push(item, LATER).then((answer) => done.push(answer));
    ['a1', 'b1', 'a2', 'b2'].forEach(push); // one goes, the others wait
    resolve(0, heldIn('a'));
    // no timer runs meanwhile, which could try them again before the next is there
    while (batches.length < 2) await Promise.resolve();
    expect(batches[1]).toEqual(['b1', 'b2']);
    push('a3');
    expect(await begun(2)).toEqual(['a1', 'a2', 'a3']);
    push('a4'); // while they are tried
    push('b3');
    await endOf(2, heldIn('a'));
    expect(await begun(3)).toEqual(['a1', 'a2', 'a3']);
    await endOf(3);
    expect(await begun(4)).toEqual(['a4']);
    push('a5');
    await endOf(4);
    expect(await begun(5)).toEqual(['a5']);
    await endOf(5);
    expect(done).toEqual(['A1', 'A2', 'A3', 'A4', 'A5']);
    await endOf(1);
    await endOf(6);
    push('a6');
    expect(batches.at(-1)).toEqual(['a6']);
    expect(done).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'B1', 'B2', 'B3']);
  });

  test('is tried until its deadlines, however long it is held', async () => {
    const { commits, batches, endOf } = controlled();
    let refused: string | undefined;
    commits.push('a', Date.now() + 1_000).catch((error: AppError) => (refused = error.code));
    for (
      let batch = 0;
      !(await eventually(() => (batches[batch] ? 'begun' : refused))).startsWith('dead');
      batch++
    )
      await endOf(batch, heldIn('a'));
    expect(refused).toBe('deadline_exceeded');
    expect(batches.length).toBeGreaterThan(3);
  });

  test('refuses more than may wait for it, and only there', async () => {
    const { commits, batches, end, endOf, begun } = controlled({ held: 2 });
    for (const item of ['a1', 'a2', 'a3']) commits.push(item, LATER).catch(() => undefined);
    await end(heldIn('a'));
    await expect(commits.push('a4', LATER)).rejects.toMatchObject({ code: 'overloaded' });
    await begun(1); // they are tried, and wait all the same
    await expect(commits.push('a5', LATER)).rejects.toMatchObject({ code: 'overloaded' });
    const other = commits.push('b', LATER);
    await endOf(batches.length - 1);
    await expect(other).resolves.toBe('B');
  });

  test('does not hold up closing: it has one more try, and is sent again elsewhere', async () => {
    const { commits, batches, end, endOf } = controlled();
    const [first, second] = ['a', 'b'].map((item) => commits.push(item, LATER));
    await end(heldIn('a'));
    let closed = false;
    void commits.close().then(() => (closed = true));
    const refused = expect(first).rejects.toMatchObject({ code: 'unavailable' });
    await endOf(1, heldIn('b'));
    for (let batch = 2; !closed; batch++) {
      await eventually(() => closed || batches[batch]);
      await endOf(batch, heldIn('a'));
    }
    expect(batches.length).toBeLessThan(6);
    await refused;
    await expect(second).resolves.toBe('B');
  });

  test('is one of many: all of them have their turns', async () => {
    const { commits, endOf, begun } = controlled({ batch: 2 });
    const answers = ['a', 'b', 'c', 'd', 'e'].map((item) => commits.push(item, LATER));
    const done = new Set<string>();
    answers.forEach((answer) => void answer.then((item) => done.add(item)));
    let open = 'abcde';
    for (let batch = 0; done.size < 5; batch++) {
      const items = await begun(batch);
      // one room of each try is let go, and never the first of it
      const [free = ''] = items.slice(-1);
      if (batch > 4) open = open.replace(free, '');
      await endOf(batch, heldIn(open));
    }
    expect([...done].sort()).toEqual(['A', 'B', 'C', 'D', 'E']);
  });
});

describe('commits at the same time', () => {
  test('have rooms of their own', async () => {
    const { commits, batches, endOf } = controlled({ parallel: 2 });
    for (const item of ['a1', 'b1', 'c1', 'a2']) void commits.push(item, LATER);
    expect(batches).toEqual([['a1'], ['b1']]);
    await endOf(1);
    expect(batches[2]).toEqual(['c1']);
    await endOf(0);
    expect(batches[3]).toEqual(['a2']);
  });

  test('begin only where enough wait to be worth it, and share them', async () => {
    const { commits, batches, endOf } = controlled({ batch: 10, parallel: 3, worthwhile: 2 });
    for (const item of ['a1', 'b1', 'a2', 'a3']) void commits.push(item, LATER);
    // of a nothing more can begin
    expect(batches).toEqual([['a1']]);
    void commits.push('c1', LATER);
    expect(batches[1]).toEqual(['b1', 'c1']);
    for (const item of [...'dddddd', ...'eeeeee']) void commits.push(item, LATER);
    await endOf(1);
    await endOf(0);
    expect(batches.slice(2).map((batch) => batch.length)).toEqual([2, 6, 2]);
  });

  test('answer in the order of each room, whichever ends first, and leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...'abcde'), { maxLength: 60 }),
        fc.array(fc.record({ batch: fc.nat(), held: fc.subarray([...'abcde']) }), { maxLength: 30 }),
        async (rooms, turns) => {
          const { commits, batches, endOf } = controlled({
            batch: 4,
            parallel: 3,
            worthwhile: 2,
            waiting: 1_000,
            held: 1_000,
          });
          const done: string[] = [];
          const answers = rooms.map((room, i) =>
            commits.push(`${room}${i}`, LATER).then((answer) => void done.push(answer)),
          );
          const open = new Set<number>();
          let seen = 0;
          const look = (): void => {
            for (; seen < batches.length; seen++) {
              const under = new Set([...open].flatMap((k) => batches[k]?.map(([room]) => room) ?? []));
              expect(batches[seen]?.some(([room]) => under.has(room))).toBe(false);
              open.add(seen);
            }
          };
          look();
          const end = async (k: number, held = ''): Promise<void> => {
            open.delete(k);
            await endOf(k, heldIn(held));
            look();
          };
          for (const { batch, held } of turns) {
            const k = [...open][batch % Math.max(1, open.size)];
            if (k !== undefined) await end(k, held.join(''));
          }
          while (done.length < rooms.length) {
            const [k] = open;
            if (k === undefined) await eventually(() => (look(), open.size > 0));
            else await end(k);
          }
          await Promise.all(answers);
          for (const room of 'abcde')
            expect(done.filter((item) => item.startsWith(room.toUpperCase()))).toEqual(
              rooms.flatMap((r, i) => (r === room ? [`${r}${i}`.toUpperCase()] : [])),
            );
        },
      ),
      { numRuns: 50 },
    );
  });
});
