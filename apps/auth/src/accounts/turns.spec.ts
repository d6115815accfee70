import type { AppError } from '@veche/errors';
import { Turns } from './turns';

describe('turns at something that few may do at once', () => {
  const bounds = { atOnce: 2, waiting: 6, waitingEach: 4, seconds: 0.5 };
  const done: string[] = [];
  let finish: (() => void)[] = [];
  let turns: Turns;
  beforeEach(() => {
    done.length = 0;
    finish = [];
    turns = new Turns(bounds);
  });
  const ask = (client: string): Promise<unknown> =>
    turns
      .take(client, () => new Promise<void>((resolve) => finish.push(resolve)).then(() => done.push(client)))
      .catch((error: AppError) => [error.code, error.data.retryAfter]);
  /** Until nobody works any more. */
  const finishAll = async (): Promise<void> => {
    for (let next = finish.shift(); next; next = finish.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it('are taken in the order in which they were asked for', async () => {
    const all = ['a', 'b', 'c', 'd'].map(ask);
    await finishAll();
    await Promise.all(all);
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  it('come after one turn of everybody else for who asks again and again', async () => {
    const all = ['flood', 'flood', 'flood', 'flood', 'flood', 'anna', 'boris'].map(ask);
    await finishAll();
    await Promise.all(all);
    expect(done).toEqual(['flood', 'flood', 'flood', 'anna', 'boris', 'flood', 'flood']);
  });

  it('are refused to who has too many, with a time to come again, and not to others', async () => {
    const flood = Array.from({ length: 8 }, () => ask('flood'));
    const anna = ask('anna');
    await finishAll();
    expect((await Promise.all(flood)).slice(-2)).toEqual([
      ['overloaded', 1],
      ['overloaded', 1],
    ]);
    await anna;
    expect(done.filter((client) => client === 'anna')).toHaveLength(1);
  });

  it('are bounded in all', async () => {
    const asked = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(ask);
    await finishAll();
    expect((await Promise.all(asked)).at(-1)).toEqual(['overloaded', 2]);
    expect(done).toHaveLength(8);
    // and free again
    const more = ask('i');
    await finishAll();
    await more;
    expect(done).toHaveLength(9);
  });
});
