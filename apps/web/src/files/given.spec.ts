import { droppedFiles, pastedFiles } from './given';

const file = new File(['x'], 'a.png');

test('a picture is pasted as one, and cells of a table as their text', () => {
  const pasted = (...types: string[]): File[] =>
    pastedFiles({ types, files: [file] } as unknown as DataTransfer);
  expect(pasted('text/html', 'Files')).toEqual([file]);
  expect(pasted('text/plain', 'text/html', 'Files')).toEqual([]);
});

test('folders are told from files, and words that are dragged are neither', () => {
  const item = (kind: string, isDirectory: boolean): object => ({
    kind,
    webkitGetAsEntry: () => ({ isDirectory }),
    getAsFile: () => file,
  });
  const items = [item('file', false), item('file', true), item('string', false)];
  expect(droppedFiles({ items } as unknown as DataTransfer)).toEqual({ files: [file], hasFolders: true });
});
