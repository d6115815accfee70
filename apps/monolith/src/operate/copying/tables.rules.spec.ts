import { inOrder, type Table } from './tables.rules';

const table = (name: string, ...refers: string[]): Table => ({
  service: 'auth',
  name,
  columns: ['id'],
  key: [{ name: 'id', type: 'uuid' }],
  refers,
});

test('no table comes before one that it refers to', () => {
  const tables = [table('a', 'c'), table('b'), table('c', 'd', 'b'), table('d')];
  expect(inOrder(tables).map(({ name }) => name)).toEqual(['b', 'd', 'c', 'a']);
});

test('tables that cannot be copied are named', () => {
  expect(() => inOrder([table('a', 'b'), table('b', 'a'), table('c')])).toThrow(
    'auth.a, auth.b refer to each other',
  );
  expect(() => inOrder([table('a', 'a')])).toThrow('auth.a refer to each other');
  expect(() => inOrder([{ ...table('a'), key: [] }])).toThrow('auth.a has no primary key');
});
