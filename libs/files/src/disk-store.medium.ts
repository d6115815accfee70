import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DiskStore } from './disk-store';
import type { StoredContent } from './file-store';

const folder = mkdtempSync(join(tmpdir(), 'veche-files-'));
const store = new DiskStore(join(folder, 'made', 'by', 'itself'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
const upload = '01890a5d-ac96-774b-bcce-b302099a8057';
const put = async (text: string, variant?: 'small' | 'large'): Promise<string> => {
  const path = await store.scratch();
  writeFileSync(path, text);
  const sha256 = sha256Of('a content');
  await store.put(sha256, path, variant);
  return sha256;
};
const list = async (): Promise<StoredContent[]> => {
  const found: StoredContent[] = [];
  for await (const one of store.list()) found.push(one);
  return found;
};
const read = async (sha256: string, variant?: 'small'): Promise<string | undefined> => {
  const found = await store.open(sha256, variant);
  return found && (await buffer(found.stream())).toString();
};

test('an empty store has nothing, and misses nothing', async () => {
  expect(await list()).toEqual([]);
  expect(await store.open(sha256Of('a content'))).toBeUndefined();
  await store.remove(sha256Of('a content'));
  await store.removeStale(0);
});

test('a content is there in whole, with its smaller pictures, until it is removed', async () => {
  const sha256 = await put('a content');
  expect(await put('a content')).toBe(sha256);
  await put('a small one', 'small');
  expect(await read(sha256)).toBe('a content');
  expect(await read(sha256, 'small')).toBe('a small one');
  const found = await store.open(sha256);
  expect(found?.size).toBe(9);
  expect((await buffer(found!.stream({ first: 2, last: 4 }))).toString()).toBe('con');
  expect(await list()).toEqual([
    { sha256, variant: undefined },
    { sha256, variant: 'small' },
  ]);
  await store.remove(sha256);
  expect(await list()).toEqual([]);
  expect(await read(sha256)).toBeUndefined();
});

test('an upload grows by what comes, wherever it was cut, and no further than it may', async () => {
  expect(await store.received(upload)).toBe(0);
  expect(await store.append(upload, 0, Readable.from([Buffer.from('ab'), Buffer.from('cd')]), 10)).toBe(4);
  expect(await store.received(upload)).toBe(4);
  const cut = Readable.from(
    (function* () {
      yield Buffer.from('ef');
      throw new Error('the connection was lost');
    })(),
  );
  await expect(store.append(upload, 4, cut, 6)).rejects.toThrow('lost');
  expect(await store.received(upload)).toBe(6);
  await expect(store.append(upload, 6, Readable.from([Buffer.from('ghijkl')]), 4)).rejects.toThrow(
    RangeError,
  );
  expect(await store.received(upload)).toBe(10);
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(65_536);
    })(),
  );
  await expect(store.append(upload, 10, endless, 0)).rejects.toThrow(RangeError);
  expect(await store.received(upload)).toBe(10);
  await store.discard(upload);
  await store.discard(upload);
  expect(await store.received(upload)).toBe(0);
});

test('what nobody goes on with is removed', async () => {
  await store.append(upload, 0, Readable.from([Buffer.from('ab')]), 10);
  await store.removeStale(60_000);
  expect(await store.received(upload)).toBe(2);
  const long = new Date(Date.now() - 120_000);
  utimesSync(store.uploaded(upload), long, long);
  await store.removeStale(60_000);
  expect(await store.received(upload)).toBe(0);
});

test('no name leads out of its folder', async () => {
  expect(() => store.uploaded('../../etc/passwd')).toThrow();
  await expect(store.open('../x')).rejects.toThrow();
  await expect(store.remove('')).rejects.toThrow();
});
