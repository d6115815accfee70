import { EMOJI, findEmoji, GROUP_NAMES } from './emoji';

const found = async (language: 'en' | 'ru', text: string): Promise<string[]> =>
  findEmoji(await EMOJI[language](), text).map(({ emoji }) => emoji);

test.each([
  ['en', 'thumbs up', '👍'],
  ['en', 'heart red', '❤️'],
  ['en', 'ROCK', '🚀'],
  ['ru', 'ракета', '🚀'],
  ['ru', 'Слёзы', '😂'],
  ['ru', 'ежик', '🦔'],
] as const)('in %s, “%s” finds %s', async (language, text, emoji) => {
  expect(await found(language, text)).toContain(emoji);
});

test('what is called so comes before what is only about it', async () => {
  expect((await found('en', 'rocket'))[0]).toBe('🚀');
  expect(await found('en', 'no such thing at all')).toEqual([]);
});

test.each(['en', 'ru'] as const)('every group has emoji in %s, each of them once', async (language) => {
  const all = await EMOJI[language]();
  expect(all.length).toBeGreaterThan(1_800);
  expect(new Set(all.map(({ emoji }) => emoji)).size).toBe(all.length);
  expect(new Set(all.map(({ group }) => group))).toEqual(new Set(GROUP_NAMES));
});
