import { pageOf, readCursor, writeCursor } from './cursor';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';

test('a cursor comes back as it was', () => {
  const position = [1_732_175_000_001, id, 'вече'];
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
  ['of another type', writeCursor([1])],
  ['not a uuid', writeCursor(["' or 1=1"])],
])('a cursor that is %s is refused', (_what, cursor) => {
  expect(() => readCursor(cursor, 'uuid')).toThrow(
    expect.objectContaining({ code: 'invalid_input', data: { errors: [expect.anything()] } }),
  );
});

test.each([9_000_000_000_000_000, 253_402_300_800_000, -1, -8_600_000_000_000_000, 1.5, Infinity, '1'])(
  'a time that is none of a room is refused: %s',
  (time) => {
    expect(() => readCursor(writeCursor([time]), 'time')).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  },
);

test('the last time that PostgreSQL and Date take is taken', () => {
  expect(readCursor(writeCursor([253_402_300_799_999]), 'time')).toEqual([253_402_300_799_999]);
});

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
