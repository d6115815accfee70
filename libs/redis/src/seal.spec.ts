import fc from 'fast-check';
import { Seal } from '.';

const seal = new Seal('a secret of this installation', 'test');
const bytes = fc.uint8Array({ maxLength: 64 });

describe('a seal', () => {
  it('gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.string(), bytes, (place, content) => {
        const opened = seal.open(place, seal.put(place, content));
        expect(opened && Buffer.from(opened)).toEqual(Buffer.from(content));
      }),
    );
  });

  it('takes no bytes that it did not seal, none that were changed, and none from another place', () => {
    fc.assert(
      fc.property(fc.string(), bytes, fc.nat(), (place, content, at) => {
        expect(seal.open(place, content)).toBeUndefined();
        const sealed = seal.put(place, content);
        expect(seal.open(`${place}x`, sealed)).toBeUndefined();
        expect(seal.open(place.slice(1), sealed)).toEqual(place ? undefined : expect.anything());
        expect(seal.open(place, sealed.subarray(0, -1))).toBeUndefined();
        const i = at % sealed.length;
        sealed[i] = (sealed[i] ?? 0) ^ 1;
        expect(seal.open(place, sealed)).toBeUndefined();
      }),
    );
  });

  it('does not let the end of a place become the beginning of what is in it', () => {
    const sealed = seal.put('profile:1', Buffer.from('2 admin'));
    const moved = Buffer.concat([sealed.subarray(0, 16), Buffer.from(' admin')]);
    expect(seal.open('profile:12', moved)).toBeUndefined();
  });

  it('is another with another secret or for another purpose', () => {
    const sealed = seal.put('place', Buffer.from('content'));
    expect(new Seal('a secret of another one', 'test').open('place', sealed)).toBeUndefined();
    expect(new Seal('a secret of this installation', 'other').open('place', sealed)).toBeUndefined();
  });
});
