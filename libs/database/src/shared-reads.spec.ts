import { sharedReads } from './shared-reads';

const row = (key: string) => ({ key, of: key });
type Row = ReturnType<typeof row>;

test('what is asked while a query runs goes together, each key once', async () => {
  const queries: string[][] = [];
  const find = sharedReads<Row>(
    (keys) => {
      queries.push([...keys]);
      return Promise.resolve(
        keys
          .filter((key) => key !== 'nobody')
          .map(row)
          .reverse(),
      );
    },
    ({ key }) => key,
  );
  const answers = await Promise.all(['a', 'b', 'nobody', 'b', 'c'].map(find));
  expect(answers).toEqual([row('a'), row('b'), undefined, row('b'), row('c')]);
  expect(queries).toEqual([['a'], ['b', 'nobody', 'c']]);
  await expect(find('a')).resolves.toEqual(row('a'));
  expect(queries).toHaveLength(3);
});

test('a query that fails fails those that it was for, and nobody after', async () => {
  let fails = true;
  const find = sharedReads<Row>(
    (keys) => (fails ? Promise.reject(new Error('away')) : Promise.resolve(keys.map(row))),
    ({ key }) => key,
  );
  const asked = await Promise.allSettled([find('a'), find('b')]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  await expect(find('b')).resolves.toEqual(row('b'));
});
