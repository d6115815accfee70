import { progressLine, timeLeft } from './progress.rules';

test.each([
  [0, 100, 1_000, ''],
  [100, 100, 1_000, ''],
  [50, 100, 10_000, '10 s left'],
  [1, 100, 1_300, '129 s left'.replace('129 s', '3 min')],
  [10, 1_000, 10_000, '17 min left'],
  [1, 10_001, 1_000, '3 h left'],
])('%i of %i in %i ms: %s', (done, total, elapsed, left) => {
  expect(timeLeft(done, total, elapsed)).toBe(left);
});

test('a line says how far it is, and never more than all', () => {
  expect(progressLine('chat.room_events', 250_000, 1_000_000, '9 s left')).toBe(
    'chat.room_events: 250,000 of 1,000,000 rows, 25 %, 9 s left',
  );
  expect(progressLine('auth.users', 0, 0, '')).toBe('auth.users: 0 of 0 rows, 100 %');
});
