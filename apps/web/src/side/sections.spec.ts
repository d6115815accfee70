import type { RoomOverview } from '@veche/client';
import type { SectionName } from './section-names';
import { rowsOf } from './sections';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');

const room = (id: string, of: Partial<RoomOverview> = {}): RoomOverview => ({
  id,
  kind: 'public',
  createdBy: 'somebody',
  memberCount: 2,
  createdAt: '2026-01-01T00:00:00.000Z',
  topic: '',
  lastSeq: 9,
  readSeq: 9,
  unread: 0,
  mentions: 0,
  ...of,
});

const shown = (...args: Parameters<typeof rowsOf>): string =>
  rowsOf(...args)
    .map(({ key }) => key)
    .join(' ');

const rooms = [
  room('news', { unread: 3 }),
  room('team', { favourite: true }),
  room('anna', { kind: 'direct' }),
  room('talk'),
  room('loved', { favourite: true, unread: 1 }),
];

test('each room stands in one section, what is unread first, in the order in which it came', () => {
  expect(shown(rooms, NOW, undefined, [])).toBe(
    '#unread news loved #favourites team #rooms talk #direct anna',
  );
  const places = rowsOf(rooms, NOW, undefined, []).map(({ place, of }) => `${place}/${of}`);
  expect(places.slice(0, 3)).toEqual(['0/2', '1/2', '2/2']);
});

test('a muted room does not wait, until the mute ends', () => {
  const mutedUntil = '2026-03-01T12:00:01.000Z';
  const muted = [room('quiet', { unread: 2, muted: true, mutedUntil })];
  expect(shown(muted, NOW, undefined, [])).toBe('#rooms quiet');
  expect(shown(muted, NOW + 1_000, undefined, [])).toBe('#unread quiet');
});

test('the open room stays where it was when it was opened', () => {
  expect(shown([room('here')], NOW, { id: 'here', waited: true }, [])).toBe('#unread here');
  expect(shown([room('here', { unread: 1 })], NOW, { id: 'here', waited: false }, [])).toBe('#rooms here');
});

test('of a folded section the title is left, and the open room', () => {
  const folded: SectionName[] = ['rooms', 'direct'];
  expect(shown(rooms, NOW, { id: 'talk', waited: false }, folded)).toBe(
    '#unread news loved #favourites team #rooms talk #direct',
  );
});

test('a hidden conversation is out of sight until something is said in it, or it is open', () => {
  const lastMessage = { seq: 9 } as NonNullable<RoomOverview['lastMessage']>;
  const hidden = room('anna', { kind: 'direct', hiddenSeq: 9, lastMessage });
  expect(shown([hidden], NOW, undefined, [])).toBe('');
  expect(shown([hidden], NOW, { id: 'anna', waited: false }, [])).toBe('#direct anna');
  expect(shown([{ ...hidden, lastMessage: { ...lastMessage, seq: 10 } }], NOW, undefined, [])).toBe(
    '#direct anna',
  );
});
