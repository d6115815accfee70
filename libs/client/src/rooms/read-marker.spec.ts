import { VecheError } from '../errors';
import { ReadMarker } from './read-marker';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A server that answers each call with what is next, and then takes everything. */
const server = (...answers: (VecheError | Promise<unknown>)[]) => {
  const told: number[] = [];
  const marker = new ReadMarker(async (seq) => {
    const answer = answers.shift();
    if (answer instanceof VecheError) throw answer;
    await answer;
    told.push(seq);
  });
  return { marker, told };
};

test('of many numbers the newest is told', async () => {
  const { marker, told } = server();
  for (const seq of [3, 7, 5]) marker.move(seq);
  await marker.flush();
  expect(told.at(-1)).toBe(7);
});

test.each(['token_expired', 'overloaded'] as const)('what met %s is told again', async (code) => {
  const { marker, told } = server(new VecheError(code));
  marker.move(3);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([3]);
});

test('what no answer came to waits for the next connection', async () => {
  const { marker, told } = server(new VecheError('unreachable'));
  marker.move(3);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
  marker.begin(0, 0);
  await marker.flush();
  expect(told).toEqual([3]);
});

test('and is told at once where that has begun before the last one gave up', async () => {
  let giveUp: (error: VecheError) => void = () => undefined;
  const { marker, told } = server(new Promise((_resolve, reject) => (giveUp = reject)));
  marker.move(3);
  marker.begin(0, 0);
  giveUp(new VecheError('unreachable'));
  await marker.flush();
  expect(told).toEqual([3]);
});

test('what the server does not want is not told again', async () => {
  const { marker, told } = server(new VecheError('room_not_found'));
  marker.move(3);
  marker.begin(0, 0);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
});

test('a number that comes just when all are told is told as well', async () => {
  const { marker, told } = server();
  marker.move(3);
  await marker.flush();
  marker.move(4);
  await jest.advanceTimersByTimeAsync(0);
  expect(told).toEqual([3, 4]);
});

test('what was read before it was put back is not told', async () => {
  const { marker, told } = server(new VecheError('unreachable'));
  marker.move(7);
  await jest.advanceTimersByTimeAsync(0);
  marker.begin(3, 1);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
  marker.move(5);
  await marker.flush();
  expect(told).toEqual([5]);
});

test('a number from before that is heard late changes nothing', async () => {
  const { marker, told } = server();
  marker.begin(3, 1);
  marker.move(7);
  marker.takeBack(2, 1);
  await marker.flush();
  expect(told).toEqual([7]);
});
