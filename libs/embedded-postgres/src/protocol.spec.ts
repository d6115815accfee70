import fc from 'fast-check';
import { cString, message, MessageReader, query, readyForQuery, statusAfter } from './protocol';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

describe('the message reader', () => {
  it('finds the same messages however their bytes arrive', () => {
    const property = fc.property(
      fc.array(bytes, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
      (bodies, cuts) => {
        const sent = bodies.map((body) => message('Q', body));
        const stream = Buffer.concat(sent);
        const reader = new MessageReader();
        const read: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = cuts[i % cuts.length] ?? 1;
          reader.add(stream.subarray(at, at + size));
          at += size;
          for (let next = reader.message(); next; next = reader.message()) read.push(next);
        }
        expect(read).toEqual(sent);
        expect(reader.held).toBe(0);
      },
    );
    fc.assert(property);
  });

  it('refuses a length that cannot be', () => {
    const reader = new MessageReader();
    reader.add(Buffer.from([0x51, 0, 0, 0, 3, 0]));
    expect(() => reader.message()).toThrow(RangeError);
  });
});

describe('the status after an answer', () => {
  it('is what the ReadyForQuery at its end says', () => {
    const row = message('D', Buffer.from('ZZZZZ\0\0\0\x05T'));
    expect(statusAfter(Buffer.concat([row, readyForQuery('T')]))).toBe('T');
    expect(statusAfter(row)).toBeUndefined();
    expect(statusAfter(Buffer.concat([readyForQuery('I'), row]))).toBeUndefined();
    expect(statusAfter(Buffer.alloc(0))).toBeUndefined();
  });
});

describe('a query', () => {
  it('is its text, ended by a zero', () => {
    expect(query('SELECT 1')).toEqual(Buffer.concat([Buffer.from('Q\0\0\0\r'), cString('SELECT 1')]));
  });
});
