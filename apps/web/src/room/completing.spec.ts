import { completed, typedAt } from './completing';

describe('what is typed of a mention', () => {
  test.each<[string, string | undefined]>([
    ['@', '@'],
    ['hello @an', '@an'],
    ['(#gen', '#gen'],
    ['привет, @Бо', '@Бо'],
    ['你好@an', '@an'],
    ['mail@an', undefined],
    ['https://e.org/@an', undefined],
    ['@an ', undefined],
    ['@@', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    const typed = typedAt(text, text.length);
    expect(typed && typed.sign + typed.word).toBe(expected);
    if (typed) expect(text.slice(typed.from, typed.to)).toBe(expected);
  });

  test('is completed where it stands, and what follows stays', () => {
    const text = 'hello @an, and';
    const typed = typedAt(text, 9)!;
    expect(completed(text, typed, 'anna')).toEqual({ text: 'hello @anna , and', caret: 12 });
    expect(completed('@an', typedAt('@an', 3)!, 'anna')).toEqual({ text: '@anna ', caret: 6 });
    expect(completed('@an b', typedAt('@an b', 3)!, 'anna')).toEqual({ text: '@anna b', caret: 5 });
  });
});
