import { preferencesText } from './preferences-text';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');

test('how somebody has a chat is one line, without what has ended', () => {
  expect(preferencesText({}, NOW)).toBe('notified of what is usual');
  expect(preferencesText({ level: 'mentions', muted: true, favourite: true }, NOW)).toBe(
    'notified of mentions only, muted, a favourite',
  );
  const mutedUntil = '2026-03-01T12:00:00.000Z';
  expect(preferencesText({ muted: true, mutedUntil }, NOW)).toBe('notified of what is usual');
  expect(preferencesText({ muted: true, mutedUntil }, NOW - 1)).toContain('muted until');
  expect(preferencesText({ level: 'nothing', hiddenSeq: 4 }, NOW)).toBe(
    'notified of nothing, hidden until its next message',
  );
});
