import { partOf } from './range.rules';

test.each([
  [undefined, 10, undefined],
  ['bytes=0-3', 10, { first: 0, last: 3 }],
  ['bytes=4-', 10, { first: 4, last: 9 }],
  ['bytes=4-99', 10, { first: 4, last: 9 }],
  ['bytes=-3', 10, { first: 7, last: 9 }],
  ['bytes=-99', 10, { first: 0, last: 9 }],
  ['bytes=-0', 10, 'not_satisfiable'],
  ['bytes=10-', 10, 'not_satisfiable'],
  ['bytes=0-', 0, 'not_satisfiable'],
  ['bytes=5-2', 10, undefined],
  ['bytes=0-1,4-5', 10, undefined],
  ['bytes=-', 10, undefined],
  ['lines=0-1', 10, undefined],
  ['bytes=99999999999999999-', 10, undefined],
])('%s of %d bytes is %j', (range, size, part) => {
  expect(partOf(range, size)).toEqual(part);
});
