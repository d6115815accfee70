import { CommitsByRoom } from './commits-by-room';

const BOUNDS = { batch: 3, waiting: 10 };
const later = (): number => Date.now() + 10_000;

const setUp = () => {
  const batches: { roomId: string; items: readonly string[] }[] = [];
  const held = new Map<string, Promise<void>>();
  const commits = new CommitsByRoom<string, string>(async (roomId, items) => {
    batches.push({ roomId, items });
    await held.get(roomId);
    return items.map((item) => (item === 'wrong' ? new Error('it is') : `${roomId} ${item}`));
  }, BOUNDS);
  const hold = (roomId: string): (() => void) => {
    let release: () => void = () => undefined;
    held.set(roomId, new Promise((resolve) => (release = resolve)));
    return release;
  };
  return { commits, batches, hold };
};

test('what waits for the same room shares a commit, in its order', async () => {
  const { commits, batches } = setUp();
  const answers = await Promise.all(
    ['1', '2', '3', '4', '5'].map((item) => commits.push('a', item, later())),
  );
  expect(answers).toEqual(['a 1', 'a 2', 'a 3', 'a 4', 'a 5']);
  expect(batches.map(({ items }) => items)).toEqual([['1'], ['2', '3', '4'], ['5']]);
});

test('a room that is slow holds up nobody in another', async () => {
  const { commits, batches, hold } = setUp();
  const release = hold('slow');
  const slow = commits.push('slow', '1', later());
  expect(await commits.push('quick', '1', later())).toBe('quick 1');
  expect(await commits.push('quick', '2', later())).toBe('quick 2');
  release();
  expect(await slow).toBe('slow 1');
  expect(batches).toHaveLength(3);
});

test('one that is refused is refused alone', async () => {
  const { commits } = setUp();
  const [one, wrong, other] = ['1', 'wrong', '2'].map((item) => commits.push('a', item, later()));
  await expect(wrong).rejects.toThrow('it is');
  expect(await Promise.all([one, other])).toEqual(['a 1', 'a 2']);
});

test('a stop answers what was taken, and takes no more', async () => {
  const { commits, hold } = setUp();
  const release = hold('a');
  const taken = commits.push('a', '1', later());
  const closing = commits.close();
  for (const room of ['a', 'b'])
    await expect(commits.push(room, '2', later())).rejects.toMatchObject({ code: 'unavailable' });
  release();
  await closing;
  expect(await taken).toBe('a 1');
});
