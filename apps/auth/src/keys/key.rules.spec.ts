import { accepted, acceptedUntil, signing, SKEW_MS } from './key.rules';

const now = Date.UTC(2026, 10, 27);
const LIFETIME = 900_000;
const [undated, another] = [{ signsFrom: 0 }, { signsFrom: 0 }];
const before = { signsFrom: now - 1 };
const later = { signsFrom: now + 1 };

describe('of several keys', () => {
  test('the last that has taken over signs, and of those of no time the first', () => {
    expect(signing([later, undated, before], now)).toBe(before);
    expect(signing([later, undated, before], now + 1)).toBe(later);
    expect(signing([undated, another], now)).toBe(undated);
    expect(signing([another, undated], now)).toBe(another);
  });

  test('one signs even where a clock is far behind all of them, and none where there is none', () => {
    expect(signing([{ signsFrom: now + 9 }, later], now)).toBe(later);
    expect(signing([], now)).toBeUndefined();
  });

  test('each is accepted until the last token that it can have signed has expired', () => {
    const keys = [later, before, undated];
    expect(acceptedUntil(later, keys, LIFETIME)).toBe(Infinity);
    expect(acceptedUntil(before, keys, LIFETIME)).toBe(later.signsFrom + LIFETIME + SKEW_MS);
    const end = before.signsFrom + LIFETIME + SKEW_MS;
    expect(accepted(keys, end - 1, LIFETIME)).toEqual(keys);
    expect(accepted(keys, end, LIFETIME)).toEqual([later, before]);
  });

  test('those that somebody has put there without a time are accepted while they are there', () => {
    expect(accepted([undated, another], now, LIFETIME)).toEqual([undated, another]);
  });
});
