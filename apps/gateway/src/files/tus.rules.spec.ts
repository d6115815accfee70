import { bytesOf, nameIn } from './tus.rules';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['0', 0],
  ['1000000000', 1_000_000_000],
  ['-1', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['9'.repeat(16), undefined],
  [undefined, undefined],
  [['1', '2'], undefined],
])('%j is %j bytes', (header, bytes) => {
  expect(bytesOf(header)).toBe(bytes);
});

test.each([
  [`filename ${base64('Überblick.pdf')}`, 'Überblick.pdf'],
  [`relativePath ${base64('a/b')}, filename ${base64('b')},type ${base64('x')}`, 'b'],
  [`name ${base64('old.txt')}`, 'old.txt'],
  [`filename ${base64('a\0b')}`, 'ab'],
  ['filename', ''],
  ['', ''],
  [undefined, ''],
])('%j is called %j', (metadata, name) => {
  expect(nameIn(metadata)).toBe(name);
});
