import { availabilityOf, wrongEnd } from './presence.rules';

test.each([
  [{ here: false, idle: false, chosen: null }, 'offline'],
  [{ here: false, idle: false, chosen: 'dnd' }, 'offline'],
  [{ here: true, idle: false, chosen: null }, 'online'],
  [{ here: true, idle: true, chosen: null }, 'away'],
  [{ here: true, idle: false, chosen: 'away' }, 'away'],
  [{ here: true, idle: true, chosen: 'dnd' }, 'dnd'],
] as const)('somebody who is %j shows as %s', (showing, expected) => {
  expect(availabilityOf(showing)).toBe(expected);
});

test('a status ends in the year that comes, or not by itself', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const wrong = (time?: string) => wrongEnd(time === undefined ? undefined : new Date(time), now);
  expect([wrong(), wrong('2026-01-01T00:00:01Z'), wrong('2026-12-31T00:00:00Z')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([wrong('2026-01-01T00:00:00Z'), wrong('2028-01-01T00:00:00Z')]).toEqual([
    'until must not be over',
    'until must be within a year',
  ]);
});
