import emojis from 'emojibase-data/en/compact.json';
import { isEmoji, isFewEmoji, tidyEmoji } from './emoji';

describe('an emoji', () => {
  it('is every one that a picker offers, in whatever spelling, and is kept in one', () => {
    const offered = emojis.flatMap(({ unicode, skins = [] }) => [unicode, ...skins.map((s) => s.unicode)]);
    // letters of flags are listed beside the flags
    const whole = offered.filter((emoji) => !/^\p{Regional_Indicator}$/u.test(emoji));
    expect(whole.length).toBeGreaterThan(3_900);
    for (const emoji of whole) {
      expect({ emoji, is: isEmoji(emoji) }).toEqual({ emoji, is: true });
      const bare = emoji.replaceAll('\uFE0F', '');
      expect(tidyEmoji(bare)).toBe(tidyEmoji(emoji));
      expect(tidyEmoji(tidyEmoji(emoji))).toBe(tidyEmoji(emoji));
      expect(tidyEmoji(emoji).length).toBeLessThanOrEqual(64);
    }
  });

  test.each([
    ['❤', '❤️'],
    ['❤︎', '❤️'],
    ['👍️', '👍'],
    ['☝🏽', '☝🏽'],
    ['1⃣', '1️⃣'],
    ['🏳‍🌈', '🏳️‍🌈'],
    ['👩🏽‍❤️‍💋‍👨🏿', '👩🏽‍❤️‍💋‍👨🏿'],
  ])('%s is %s', (written, kept) => {
    expect(isEmoji(written)).toBe(true);
    expect(tidyEmoji(written)).toBe(kept);
  });

  test.each(['', '1', '#', 'a', 'ok', '👍👍', '👍 ', '🇩', '👍🏽🏽', '‍', '👩‍👩', ':+1:', '🏽‍'])(
    'is not %j',
    (text) => {
      expect(isEmoji(text)).toBe(false);
    },
  );

  it('makes a message large where there is little else', () => {
    for (const text of ['👍', ' ❤ ', '🎉🎉🎉', '😀 😀']) expect(isFewEmoji(text)).toBe(true);
    for (const text of ['', '👍 ok', '1', '😀'.repeat(7)]) expect(isFewEmoji(text)).toBe(false);
  });
});
