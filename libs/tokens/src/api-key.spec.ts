import { AppError } from '@veche/errors';
import { assertApiKey, hintOf, isMeantAsApiKey, newApiKey } from './api-key';

it('a key is whole, and known by its beginning', () => {
  const keys = Array.from({ length: 100 }, newApiKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) {
    expect(key).toMatch(/^vk_[0-9A-Za-z]{50}$/);
    expect(isMeantAsApiKey(key)).toBe(true);
    expect(() => assertApiKey(key)).not.toThrow();
    expect(key.startsWith(hintOf(key))).toBe(true);
    expect(hintOf(key)).toHaveLength(9);
  }
});

it('a key that was changed anywhere is none', () => {
  const key = newApiKey();
  for (let at = 0; at < key.length; at++) {
    const other = key[at] === 'a' ? 'b' : 'a';
    expect(() => assertApiKey(key.slice(0, at) + other + key.slice(at + 1))).toThrow(AppError);
  }
  for (const wrong of ['', 'vk_', key.slice(0, -1), `${key}0`, `${key} `])
    expect(() => assertApiKey(wrong)).toThrow(AppError);
});
