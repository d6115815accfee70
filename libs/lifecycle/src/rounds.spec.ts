import { Rounds } from './rounds';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a round comes again and again, one at a time, also after one that failed, until it is stopped', async () => {
  let begun = 0;
  let end: (error?: Error) => void = () => undefined;
  const failures: unknown[] = [];
  const rounds = new Rounds(
    () =>
      new Promise((resolve, reject) => {
        begun++;
        end = (error) => (error ? reject(error) : resolve());
      }),
    (error) => failures.push(error),
  );
  rounds.every(10);
  await jest.advanceTimersByTimeAsync(35);
  rounds.begin();
  expect(begun).toBe(1);
  const error = new Error('out of order');
  end(error);
  await jest.advanceTimersByTimeAsync(10);
  expect([begun, failures]).toEqual([2, [error]]);

  let left = false;
  void rounds.stop().then(() => (left = true));
  await jest.advanceTimersByTimeAsync(50);
  expect([begun, left, rounds.isStopping]).toEqual([2, false, true]);
  end();
  await jest.advanceTimersByTimeAsync(0);
  expect([begun, left]).toEqual([2, true]);
});
