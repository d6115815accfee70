import { type Change, type Format, formatOf, formatted } from './formatting';

/** A text in which `‹` and `›` are where the selection begins and ends. */
const selection = (typed: string): [string, number, number] => {
  const from = typed.indexOf('‹');
  const to = typed.indexOf('›') - 1;
  return [typed.replace(/[‹›]/g, ''), from, to];
};
const after = (text: string, { from, to, text: put, selected: [start, end] }: Change): string => {
  const all = text.slice(0, from) + put + text.slice(to);
  return `${all.slice(0, start)}‹${all.slice(start, end)}›${all.slice(end)}`;
};

test.each<[Format, string, string]>([
  ['bold', 'a ‹word› more', 'a **‹word›** more'],
  ['bold', 'a **‹word›** more', 'a ‹word› more'],
  ['bold', 'a ‹**word**› more', 'a ‹word› more'],
  ['bold', 'a‹ word ›more', 'a **‹word›** more'],
  ['bold', '‹›', '**‹›**'],
  ['italic', '‹word›', '_‹word›_'],
  ['strike', '‹word›', '~~‹word›~~'],
  ['code', '‹let a›', '`‹let a›`'],
  ['code', 'so: ‹let a;\nlet b;›', 'so: \n```\n‹let a;\nlet b;›\n```'],
  ['link', 'see ‹the page›', 'see [the page](‹https://›)'],
  ['link', 'see ‹https://example.org/a›', 'see [‹›](https://example.org/a)'],
  ['link', '‹›', '[‹›](https://)'],
])('%s: %j becomes %j', (format, typed, expected) => {
  const [text, from, to] = selection(typed);
  expect(after(text, formatted(text, from, to, format))).toBe(expected);
});

test('keys stand for a format by their place, and lead elsewhere where nothing is selected', () => {
  const key = { code: 'KeyK', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false };
  expect(formatOf(key, true)).toBe('link');
  expect(formatOf(key, false)).toBeUndefined();
  expect(formatOf({ ...key, code: 'KeyB' }, false)).toBe('bold');
  expect(formatOf({ ...key, code: 'KeyX', shiftKey: true }, false)).toBe('strike');
  expect(formatOf({ ...key, code: 'KeyX' }, true)).toBeUndefined();
  expect(formatOf({ ...key, code: 'KeyB', ctrlKey: false }, true)).toBeUndefined();
  expect(formatOf({ ...key, code: 'KeyB', altKey: true }, true)).toBeUndefined();
});
