import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStore, type OpenFile, type Part, type StoredContent, type Variant } from './file-store';

const SHA256 = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const VARIANTS: readonly (Variant | undefined)[] = [undefined, 'small', 'large'];

const unless =
  <T>(code: string, otherwise: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === code) return otherwise;
    throw error;
  };

/** A folder, of this machine or of one that several machines share. */
export class DiskStore extends FileStore {
  constructor(private readonly folder: string) {
    super();
  }

  async put(sha256: string, path: string, variant?: Variant): Promise<void> {
    const target = this.path(sha256, variant);
    await synced(path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    // over the same content, where it is there already
    await rename(path, target);
    await synced(dirname(target));
  }

  async open(sha256: string, variant?: Variant): Promise<OpenFile | undefined> {
    const path = this.path(sha256, variant);
    const found = await stat(path).catch(unless('ENOENT', undefined));
    if (!found) return undefined;
    const stream = (part?: Part): Readable =>
      createReadStream(path, part ? { start: part.first, end: part.last } : {});
    return { size: found.size, stream };
  }

  async remove(sha256: string): Promise<void> {
    for (const variant of VARIANTS) await rm(this.path(sha256, variant), { force: true });
  }

  async *list(): AsyncIterable<StoredContent> {
    const folder = join(this.folder, 'content');
    for (const part of (await readdir(folder).catch(unless('ENOENT', []))).sort())
      for (const name of (await readdir(join(folder, part))).sort()) {
        const [sha256 = '', variant] = name.split('.');
        if (SHA256.test(sha256) && VARIANTS.includes(variant as Variant | undefined))
          yield { sha256, variant: variant as Variant | undefined };
      }
  }

  async scratch(): Promise<string> {
    await mkdir(join(this.folder, 'scratch'), { recursive: true, mode: 0o700 });
    return join(this.folder, 'scratch', randomUUID());
  }

  async received(upload: string): Promise<number> {
    const found = await stat(this.uploaded(upload)).catch(unless('ENOENT', undefined));
    return found?.size ?? 0;
  }

  async append(upload: string, offset: number, bytes: Readable, room: number): Promise<number> {
    const path = this.uploaded(upload);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'r+').catch(unless('ENOENT', undefined));
    return written(file ?? (await open(path, 'w+', 0o600)), offset, bytes, room);
  }

  uploaded(upload: string): string {
    if (!UUID.test(upload)) throw new Error('an upload is named by its id');
    return join(this.folder, 'uploads', upload);
  }

  async discard(upload: string): Promise<void> {
    await rm(this.uploaded(upload), { force: true });
  }

  async removeStale(olderThanMs: number): Promise<void> {
    for (const name of ['uploads', 'scratch']) {
      const folder = join(this.folder, name);
      for (const file of await readdir(folder).catch(unless('ENOENT', []))) {
        const found = await stat(join(folder, file)).catch(unless('ENOENT', undefined));
        if (found && found.mtimeMs < Date.now() - olderThanMs) await rm(join(folder, file), { force: true });
      }
    }
  }

  /** Some hundreds of folders, so that none holds all. */
  private path(sha256: string, variant?: Variant): string {
    if (!SHA256.test(sha256)) throw new Error('a content is named by its SHA-256');
    const name = variant ? `${sha256}.${variant}` : sha256;
    return join(this.folder, 'content', sha256.slice(0, 2), name);
  }
}

/** Bytes beyond what was announced that are read, and go nowhere. */
const MOST_OVER = 1024 * 1024;

const written = async (file: FileHandle, offset: number, bytes: Readable, room: number): Promise<number> => {
  let count = 0;
  try {
    let over = 0;
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      const fitting = piece.subarray(0, room - count);
      for (let from = 0; from < fitting.length;) {
        const { bytesWritten } = await file.write(
          fitting,
          from,
          fitting.length - from,
          offset + count + from,
        );
        from += bytesWritten;
      }
      count += fitting.length;
      over += piece.length - fitting.length;
      // whoever sends a little too much is still told so; to leave the loop breaks the connection
      if (over > MOST_OVER) break;
    }
    if (over > 0) throw new RangeError('more came than there is room for');
  } finally {
    await file.close();
  }
  return count;
};

/** Not lost with the machine's power from here on. */
const synced = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
