import { panned, swiped, WHOLE, zoomed } from './zoom';

const picture = { width: 400, height: 300 };
const room = { width: 400, height: 600 };

test('what one points at stays there while it gets larger', () => {
  expect(zoomed(WHOLE, 2, { x: 100, y: 0 }, picture, room)).toEqual({ scale: 2, x: -100, y: 0 });
});

test('nothing gets smaller than whole, or larger than eight times', () => {
  expect(zoomed(WHOLE, 0.5, { x: 30, y: 30 }, picture, room)).toEqual(WHOLE);
  expect(zoomed(WHOLE, 100, { x: 0, y: 0 }, picture, room).scale).toBe(8);
});

test('a picture is moved as far as there is more of it', () => {
  const near = { scale: 2, x: 0, y: 0 };
  expect(panned(near, { x: 900, y: 50 }, picture, room)).toEqual({ scale: 2, x: 200, y: 0 });
  expect(panned(WHOLE, { x: 10, y: 10 }, picture, room)).toEqual(WHOLE);
});

test.each([
  [{ x: -80, y: 10 }, 'next'],
  [{ x: 80, y: 10 }, 'previous'],
  [{ x: 10, y: 150 }, 'close'],
  [{ x: 10, y: -150 }, undefined],
  [{ x: 20, y: 10 }, undefined],
])('a finger that goes by %j means %s', (by, meant) => {
  expect(swiped(by)).toBe(meant);
});
