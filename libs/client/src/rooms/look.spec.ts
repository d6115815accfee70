import { VecheError, type VecheErrorCode } from '../errors';
import { Look } from './look';

const setUp = () => {
  const said: string[] = [];
  const state = { online: true, refusal: undefined as VecheErrorCode | undefined, entered: 0 };
  const look = new Look({
    roomId: 'room',
    call: async (name, payload) => {
      said.push('on' in payload ? `${name} ${payload.on}` : name);
      if (state.refusal) throw new VecheError(state.refusal);
      return {};
    },
    online: () => state.online,
    head: () => 7,
    entered: () => state.entered++,
  });
  return { look, said, state };
};
const turn = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a room is entered once for all who look, again with each connection, and left by the last', async () => {
  const { look, said, state } = setUp();
  const [one, two] = [look.enter(), look.enter()];
  await turn();
  expect([said, state.entered]).toEqual([['room:enter'], 1]);
  look.begin();
  await turn();
  one();
  one();
  expect(said).toEqual(['room:enter', 'room:enter']);
  two();
  expect(said.at(-1)).toBe('room:exit');
  look.begin();
  await turn();
  expect(said).toHaveLength(3);
});

test('what passes is tried again, and what does not is not', async () => {
  const { look, said, state } = setUp();
  state.refusal = 'overloaded';
  look.enter();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(said.length).toBeGreaterThan(1);
  state.refusal = 'room_not_found';
  await jest.advanceTimersByTimeAsync(60_000);
  const tries = said.length;
  await jest.advanceTimersByTimeAsync(60_000);
  expect([said.length, state.entered]).toEqual([tries, 0]);
});

test('each key says that the user writes, and the server hears it every three seconds', async () => {
  const { look, said } = setUp();
  for (let ms = 0; ms < 9_000; ms += 100) {
    look.write(true);
    await jest.advanceTimersByTimeAsync(100);
  }
  look.write(false);
  look.write(false);
  expect(said).toEqual([...Array.from({ length: 3 }, () => 'typing true'), 'typing false']);
  look.write(true);
  look.sent();
  look.write(false);
  expect(said).toHaveLength(5);
});

test('who writes is forgotten when they have stopped, and after ten seconds of silence', async () => {
  const { look } = setUp();
  look.take('anna', true);
  look.take('boris', true);
  expect(look.typing.get()).toEqual(['anna', 'boris']);
  look.take('anna', false);
  await jest.advanceTimersByTimeAsync(9_000);
  look.take('clara', true);
  expect(look.typing.get()).toEqual(['boris', 'clara']);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(look.typing.get()).toEqual(['clara']);
  look.begin();
  expect(look.typing.get()).toEqual([]);
});
