import { derivedUsername, differing } from './external-user.rules';

const isReserved = (name: string): boolean => name.startsWith('admin');

it.each([
  ['Olga K.', 'olga-k'],
  ['Günter Müller', 'gunter-muller'],
  ['42 is the answer', 'is-the-answer'],
  ['A', 'user-1'],
  ['Анна Карпова', 'user-1'],
  ['', 'user-1'],
  ['Administrator', 'user-1'],
  ['x'.repeat(64), 'x'.repeat(24)],
])('a username of %p is %p', (name, username) => {
  expect(derivedUsername(name, 0, '1', isReserved)).toBe(username);
  expect(username).toMatch(/^[a-z][a-z0-9_.-]{2,31}$/);
});

it('a username that is taken gets something random', () => {
  expect(derivedUsername('Olga K.', 1, '83921', isReserved)).toBe('olga-k-83921');
});

it('what is left out of what is said, or known already, changes nothing', () => {
  const said = { displayName: 'Olga', email: undefined, bio: '', role: 'user' };
  expect(differing(said, { displayName: 'Olga', email: 'a@b.c', bio: 'x', role: 'guest' })).toEqual({
    bio: '',
    role: 'user',
  });
  expect(differing(said, said)).toEqual({});
});
