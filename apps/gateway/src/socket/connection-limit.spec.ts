import { ConnectionLimit } from './connection-limit';

describe('the connections of a user', () => {
  const taken = (limit: ConnectionLimit, userId: string, tries: number) =>
    Array.from({ length: tries }, () => limit.take(userId)).filter((free) => free !== undefined);

  test('are a hundred at most, and one person takes none of another', () => {
    const limit = new ConnectionLimit();
    expect(taken(limit, 'anna', 300)).toHaveLength(100);
    expect(taken(limit, 'boris', 1)).toHaveLength(1);
  });

  test('that are gone make room for as many, and no more', () => {
    const limit = new ConnectionLimit();
    const frees = taken(limit, 'anna', 100);
    for (const free of frees.slice(0, 10)) {
      free();
      free();
    }
    expect(taken(limit, 'anna', 50)).toHaveLength(10);
  });
});
