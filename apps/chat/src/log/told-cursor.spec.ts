import { ToldCursor } from './told-cursor';

const at = (ms: number): Date => new Date(ms);

test('follows the clock where everything is told', () => {
  const cursor = new ToldCursor(at(0));
  const commit = cursor.begin();
  cursor.tick(at(10));
  expect(cursor.toldAt).toEqual(at(0));
  cursor.end(commit);
  expect(cursor.toldAt).toEqual(at(10));
  // a clock that was set back says nothing
  cursor.tick(at(5));
  expect(cursor.toldAt).toEqual(at(10));
});

test('stays where the oldest commit began that is under way', () => {
  const cursor = new ToldCursor(at(1));
  const [first, second] = [cursor.begin(), (cursor.tick(at(2)), cursor.begin())];
  cursor.tick(at(9));
  cursor.end(second);
  expect(cursor.toldAt).toEqual(at(1));
  cursor.end(first);
  expect(cursor.toldAt).toEqual(at(9));
});

test('stays where a doubt is, until all of it was told again', () => {
  const cursor = new ToldCursor(at(1));
  const first = cursor.begin();
  cursor.tick(at(2));
  const second = cursor.begin();
  cursor.tick(at(9));
  cursor.doubt(second);
  const again = cursor.takeDoubted()!;
  expect(again.since).toEqual(at(2));
  // an older one, while that is told
  cursor.doubt(first);
  cursor.end(again);
  expect(cursor.toldAt).toEqual(at(1));
  cursor.end(cursor.takeDoubted()!);
  expect(cursor.toldAt).toEqual(at(9));
});

test('keeps a doubt that came while another was cleared, and one that could not be', () => {
  const cursor = new ToldCursor(at(1));
  const [first, second] = [cursor.begin(), cursor.begin()];
  cursor.tick(at(9));
  cursor.doubt(first);
  const again = cursor.takeDoubted()!;
  cursor.doubt(second);
  cursor.end(again);
  expect(cursor.isClear).toBe(false);
  expect(cursor.toldAt).toEqual(at(1));
  cursor.doubt(cursor.takeDoubted()!);
  expect(cursor.toldAt).toEqual(at(1));
});
