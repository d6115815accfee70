import { TypingBoard } from './typing.rules';

const told = (board: TypingBoard, now: number): string =>
  board
    .changes(now)
    .map(({ userId, on }) => `${on ? '+' : '-'}${userId}`)
    .join(' ');

test('who writes is told when they begin, now and then while they go on, and when they stop', () => {
  const board = new TypingBoard();
  board.hear('anna', true, 0);
  expect(told(board, 200)).toBe('+anna');
  board.hear('anna', true, 3_000);
  expect(told(board, 3_200)).toBe('');
  expect(told(board, 5_200)).toBe('+anna');
  board.hear('anna', false, 5_300);
  expect(told(board, 5_500)).toBe('-anna');
  expect(board.empty).toBe(true);
});

test('it ends by itself', () => {
  const board = new TypingBoard();
  board.hear('anna', true, 0);
  expect(told(board, 0)).toBe('+anna');
  expect(told(board, 5_999)).toBe('+anna');
  expect(told(board, 6_000)).toBe('-anna');
});

test('who stops before it was told is not told of', () => {
  const board = new TypingBoard();
  board.hear('anna', true, 0);
  board.hear('anna', false, 100);
  expect(told(board, 200)).toBe('');
});

test('of a hundred who write at once five are told, and others when those have stopped', () => {
  const board = new TypingBoard();
  for (let i = 0; i < 100; i++) board.hear(`${i}`, true, 0);
  expect(told(board, 0)).toBe('+0 +1 +2 +3 +4');
  board.hear('1', false, 100);
  expect(told(board, 200)).toBe('-1 +5');
  // whatever they do, a room has so many frames in a second
  let frames = 0;
  for (let now = 200; now < 60_200; now += 200) {
    for (let i = 0; i < 100; i++) board.hear(`${i}`, true, now);
    frames += board.changes(now).length;
  }
  expect(frames).toBeLessThanOrEqual(60);
});
