import { momentOf, statusOf, statusText } from './status-text';

test('an end is so long from now, or a time', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  const read = (text: string) => momentOf(text, now);
  expect(['30m', '2h', '3d', '2026-05-06T07:08:09Z'].map(read)).toEqual([
    '2026-01-02T03:34:05.000Z',
    '2026-01-02T05:04:05.000Z',
    '2026-01-05T03:04:05.000Z',
    '2026-05-06T07:08:09.000Z',
  ]);
  expect(['', '30', 'soon', '1y', '2026-13-01T00:00:00Z'].map(read)).toEqual(Array(5).fill(undefined));
});

test('how somebody is shown is one line', () => {
  expect(statusText({ userId: '1', availability: 'offline' })).toBe('off line');
  expect(
    statusText({ userId: '1', availability: 'dnd', status: { emoji: '🌴', text: 'On\nholiday' } }),
  ).toMatch(/^do not disturb · 🌴 On.+holiday$/);
});

test('a status in one line may begin with an emoji', () => {
  expect(['🌴 On holiday', 'On holiday 🌴', '👩🏽‍💻', ''].map(statusOf)).toEqual([
    { emoji: '🌴', text: 'On holiday' },
    { emoji: undefined, text: 'On holiday 🌴' },
    { emoji: '👩🏽‍💻', text: undefined },
    { emoji: undefined, text: undefined },
  ]);
});
