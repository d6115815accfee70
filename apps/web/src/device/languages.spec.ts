import { languageOf, spokenTags } from './languages';

const browser = (languages: unknown, language?: string): void => {
  Object.defineProperty(globalThis, 'navigator', { value: { languages, language }, configurable: true });
};

test.each([
  [['ru-RU', 'en'], undefined, ['ru-RU', 'en']],
  [['en-US@posix'], undefined, ['en-US']],
  [['ru_RU.UTF-8', 'en_GB'], undefined, ['ru-RU', 'en-GB']],
  [['C', '', 'de-'], undefined, []],
  [[], 'fr', ['fr']],
  [undefined, 'fr', ['fr']],
  [undefined, undefined, []],
])('of the languages %j, or %j, the tags are %j', (languages, language, tags) => {
  browser(languages, language);
  expect(spokenTags()).toEqual(tags);
});

test('the language of a tag is known however it is written', () => {
  expect(['ru', 'RU-ru', 'en-Latn-GB'].map(languageOf)).toEqual(['ru', 'ru', 'en']);
});
