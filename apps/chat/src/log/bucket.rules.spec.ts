import { v4, v7 } from 'uuid';
import { BUCKETS, bucketOf } from './bucket.rules';

test('a bucket follows from the last byte of an id', () => {
  expect(bucketOf('0190a1b2-0000-7000-8000-000000000000')).toBe(0);
  expect(bucketOf('0190a1b2-0000-7000-8000-0000000000ff')).toBe(255);
  expect(bucketOf('0190A1B2-0000-7000-8000-0000000000FF')).toBe(255);
});

test('ids that are made fill the buckets evenly', () => {
  for (const make of [v4, v7]) {
    const counts = new Array<number>(BUCKETS).fill(0);
    for (let i = 0; i < BUCKETS * 100; i++) counts[bucketOf(make())]!++;
    expect(Math.min(...counts)).toBeGreaterThan(40);
    expect(Math.max(...counts)).toBeLessThan(180);
  }
});
