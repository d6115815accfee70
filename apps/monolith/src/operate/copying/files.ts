import { type Config, filesFolder } from '@veche/config';
import { DiskStore, type FileStore, type StoredContent, type Variant } from '@veche/files';
import { open } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Archive, ArchiveWriter, FileInArchive } from './archive';

/** Of a file in an archive: memory does not grow with what people send. */
const PIECE_BYTES = 4 * 1024 * 1024;

export const storeOf = (config: Pick<Config, 'FILES_DIR' | 'DATA_DIR'>): FileStore =>
  new DiskStore(filesFolder(config));

const nameOf = ({ sha256, variant }: StoredContent): string => (variant ? `${sha256}.${variant}` : sha256);

async function* piecesOf(store: FileStore, { sha256, variant }: StoredContent): AsyncGenerator<Buffer> {
  const found = await store.open(sha256, variant);
  if (!found) return;
  for (let first = 0; first < found.size; first += PIECE_BYTES) {
    const parts: Buffer[] = [];
    const last = Math.min(first + PIECE_BYTES, found.size) - 1;
    for await (const part of found.stream({ first, last })) parts.push(part as Buffer);
    yield Buffer.concat(parts);
  }
}

/**
 * Puts every content of the store into an archive. To be called after the rows were read: a content is there before a row
 * of a file that can be sent names it, and for ten minutes after the last one has gone.
 */
export const backUpFiles = async (
  store: FileStore,
  archive: ArchiveWriter,
  signal?: AbortSignal,
): Promise<FileInArchive[]> => {
  const files: FileInArchive[] = [];
  for await (const content of store.list()) {
    signal?.throwIfAborted();
    files.push(await archive.addFile(nameOf(content), piecesOf(store, content)));
  }
  return files;
};

/** Puts what people have sent into the store; what is there already is the same. */
export const restoreFiles = async (
  store: FileStore,
  archive: Archive,
  signal?: AbortSignal,
): Promise<number> => {
  // one without a piece is empty
  const empty = (archive.manifest.files ?? []).filter(({ chunks }) => chunks === 0);
  for (const { name } of empty) {
    const path = await store.scratch();
    await (await open(path, 'w', 0o600)).close();
    await put(store, name, path);
  }
  let current: { name: string; path: string } | undefined;
  for await (const { name, content } of archive.pieces(signal)) {
    if (current?.name !== name) {
      if (current) await put(store, current.name, current.path);
      current = { name, path: await store.scratch() };
    }
    const file = await open(current.path, 'a', 0o600);
    try {
      await file.write(content);
    } finally {
      await file.close();
    }
  }
  if (current) await put(store, current.name, current.path);
  return archive.manifest.files?.length ?? 0;
};

/** Puts every content of one store into another. */
export const copyFiles = async (from: FileStore, to: FileStore, signal?: AbortSignal): Promise<void> => {
  for await (const content of from.list()) {
    signal?.throwIfAborted();
    const found = await from.open(content.sha256, content.variant);
    if (!found) continue;
    const path = await to.scratch();
    await pipeline(found.stream(), createWriteStream(path, { mode: 0o600 }));
    await to.put(content.sha256, path, content.variant);
  }
};

const put = async (store: FileStore, name: string, path: string): Promise<void> => {
  const [sha256 = '', variant] = name.split('.');
  await store.put(sha256, path, variant as Variant | undefined);
};
