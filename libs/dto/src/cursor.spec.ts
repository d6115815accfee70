import { pageOf, readCursor, writeCursor } from './cursor';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';

test('a cursor comes back as it was', () => {
  const position = ['2026-11-26T22:19:28.123456Z', id, 'вече'];
  const cursor = writeCursor(position);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(readCursor(cursor, 'time', 'uuid', 'text')).toEqual(position);
});

test('no cursor is the first page', () => {
  expect(readCursor(undefined, 'uuid')).toBeUndefined();
});

test.each([
  ['not JSON', 'abc'],
  ['not a list', Buffer.from('{}').toString('base64url')],
  ['of another length', writeCursor([id, id])],
  ['of another type', Buffer.from('[1]').toString('base64url')],
  ['not a uuid', writeCursor(["' or 1=1"])],
])('a cursor that is %s is refused', (_what, cursor) => {
  expect(() => readCursor(cursor, 'uuid')).toThrow(
    expect.objectContaining({ code: 'invalid_input', data: { errors: [expect.anything()] } }),
  );
});

test.each([
  '',
  '1',
  'infinity',
  '2026-11-26T22:19:28.123Z',
  '2026-11-26T22:19:28.1234567Z',
  '2026-11-26T22:19:28.123456',
  '2026-11-26T22:19:28.123456+00:00',
  '2026-11-26T22:19:28.123456Z\n',
  '2026-02-30T00:00:00.000000Z',
  '2026-13-01T00:00:00.000000Z',
  '2026-11-26T24:00:00.000000Z',
  '2026-11-26T23:59:60.000000Z',
  '0000-01-01T00:00:00.000000Z',
  '+010000-01-01T00:00:00.000000Z',
])('what is no time, or none to the microsecond, is refused: %j', (time) => {
  expect(() => readCursor(writeCursor([time]), 'time')).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
});

test.each(['9999-12-31T23:59:59.999999Z', '0001-01-01T00:00:00.000000Z', '2024-02-29T12:00:00.000001Z'])(
  'a time comes back to the microsecond: %s',
  (time) => {
    expect(readCursor(writeCursor([time]), 'time')).toEqual([time]);
  },
);

test('text that PostgreSQL cannot hold is refused', () => {
  expect(() => readCursor(writeCursor(['a\0']), 'text')).toThrow();
});

test('a page that more follows tells where it ended, and the last page does not', () => {
  const [first, second, third] = ['a', 'b', 'c'];
  const page = pageOf([first, second, third], 2, (row) => [row]);
  expect(page.items).toEqual(['a', 'b']);
  expect(readCursor(page.nextCursor, 'text')).toEqual(['b']);
  expect(pageOf([third], 2, (row) => [row])).toEqual({ items: ['c'], nextCursor: undefined });
  expect(pageOf([first, second], 2, (row) => [row])).toEqual({ items: ['a', 'b'], nextCursor: undefined });
  expect(pageOf([], 2, () => [])).toEqual({ items: [], nextCursor: undefined });
});
