import { changes, directKey, usersOf } from './room.rules';

test('a pair has one key, from both sides', () => {
  expect(directKey('a', 'b')).toBe(directKey('b', 'a'));
  expect(usersOf(directKey('b', 'a'))).toEqual(['a', 'b']);
  expect(usersOf(null)).toEqual([]);
});

test('an update holds what changes, and only that', () => {
  const room = { name: 'General', topic: 'all' };
  expect(changes(room, {})).toEqual({});
  expect(changes(room, { name: 'General', topic: 'all' })).toEqual({});
  expect(changes(room, { name: 'general', topic: '' })).toEqual({ name: 'general', topic: '' });
});
