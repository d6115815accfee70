import { VecheError } from './errors';
import { persistently } from './persistently';

const answers = (...outcomes: (VecheError | string)[]) => {
  const left = outcomes.values();
  return jest.fn(() => {
    const outcome = left.next().value;
    return outcome instanceof VecheError ? Promise.reject(outcome) : Promise.resolve(outcome);
  });
};
const through = async <T>(work: Promise<T>): Promise<T> => {
  const done = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([done, jest.advanceTimersByTimeAsync(1_000)])));
  return work;
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('what no answer came to is asked again', async () => {
  const read = answers(new VecheError('unreachable'), new VecheError('token_expired'), 'here');
  await expect(through(persistently(read))).resolves.toBe('here');
  expect(read).toHaveBeenCalledTimes(3);
});

test('a no is a no', async () => {
  const read = answers(new VecheError('room_not_found'), 'here');
  await expect(through(persistently(read))).rejects.toThrow(VecheError);
  expect(read).toHaveBeenCalledTimes(1);
});

test('and some time it is enough', async () => {
  const read = jest.fn(() => Promise.reject(new VecheError('unreachable')));
  await expect(through(persistently(read))).rejects.toThrow('does not answer');
  expect(read).toHaveBeenCalledTimes(6);
});
