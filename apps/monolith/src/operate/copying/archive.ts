import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, pack, type Pack } from 'tar-stream';
import type { Chunk, Sequence } from './chunk';
import type { Service } from './reading.repository';
import { nameOf } from './tables.rules';

/** Raised where an older version could not read what a newer one writes. */
const FORMAT = 1;
const FIRST = 'veche-backup.json';
const LAST = 'manifest.json';
const ROWS = /^(auth|chat)\/([a-z_0-9]+)\/(\d+)\.json$/;
/** A piece of what people have sent. */
const FILE = /^files\/([0-9a-f]{64}(?:\.[a-z]+)?)\/(\d+)$/;
const SECRET = /^secrets\/([\w.-]+)$/;
/** More than any file of ours has; an archive is read by whoever is given one. */
const MOST_BYTES = 256 * 1024 * 1024;
const GZIP_LEVEL = 4;

export interface TableInArchive {
  readonly service: Service;
  readonly name: string;
  readonly rows: number;
  readonly chunks: number;
  /** Of its chunks, one after the other. */
  readonly sha256: string;
}

/** What stands at the end of an archive, and is there only where the archive is whole. */
export interface Manifest {
  readonly format: number;
  readonly madeAt: string;
  /** Whose data it is: the same after a restore and a move. */
  readonly migrations: Readonly<Record<Service, readonly string[]>>;
  readonly sequences: Readonly<Record<Service, readonly Sequence[]>>;
  readonly tables: readonly TableInArchive[];
  readonly secrets: readonly { readonly name: string; readonly sha256: string }[];
  /** Left out by a version that had no files. */
  readonly files?: readonly FileInArchive[];
}

/** What people have sent, as the store names it. */
export interface FileInArchive {
  readonly name: string;
  readonly chunks: number;
  /** Of its pieces, one after the other. */
  readonly sha256: string;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** How many chunks each table has had so far, and what they come to. */
class Sums {
  private readonly tables = new Map<string, { chunks: number; hash: Hash }>();

  get size(): number {
    return this.tables.size;
  }

  /** @returns which chunk of the table it is, from 1 on */
  add(table: string, bytes: Buffer): number {
    const sum = this.tables.get(table) ?? { chunks: 0, hash: createHash('sha256') };
    this.tables.set(table, sum);
    sum.hash.update(bytes);
    return ++sum.chunks;
  }

  /** The sum of a table, which is told once. */
  take(table: string): Pick<TableInArchive, 'chunks' | 'sha256'> {
    const { chunks, hash } = this.tables.get(table) ?? { chunks: 0, hash: createHash('sha256') };
    this.tables.delete(table);
    return { chunks, sha256: hash.digest('hex') };
  }
}

/** A tar of JSON, compressed with gzip, that any tool can unpack; whole under its name, or not there. */
export class ArchiveWriter {
  private readonly pack: Pack = pack();
  private readonly written: Promise<void>;
  private readonly sums = new Sums();

  private constructor(
    private readonly file: string,
    private readonly part: string,
  ) {
    // what people have said, hashes of passwords, keys: for the operator's eyes
    this.written = pipeline(
      this.pack,
      createGzip({ level: GZIP_LEVEL }),
      createWriteStream(part, { mode: 0o600 }),
    );
    this.written.catch(() => undefined); // told by whatever is added next
  }

  /** @throws Error where there is such a file: a backup is never written over another */
  static async create(file: string): Promise<ArchiveWriter> {
    if (existsSync(file)) throw new Error(`${file} is there already`);
    const part = `${file}.part`;
    await rm(part, { force: true });
    const writer = new ArchiveWriter(file, part);
    await writer.add(FIRST, json({ format: FORMAT }));
    return writer;
  }

  async addChunk({ table, rows }: Chunk): Promise<void> {
    const bytes = Buffer.from(rows);
    const place = String(this.sums.add(nameOf(table), bytes)).padStart(8, '0');
    await this.add(`${table.service}/${table.name}/${place}.json`, bytes);
  }

  /** @returns what stands in the manifest of it */
  async addSecret(name: string, content: Buffer): Promise<{ name: string; sha256: string }> {
    await this.add(`secrets/${name}`, content);
    return { name, sha256: sha256(content) };
  }

  /** @param pieces none of which is large */
  async addFile(name: string, pieces: AsyncIterable<Buffer>): Promise<FileInArchive> {
    const key = `files/${name}`;
    for await (const piece of pieces)
      await this.add(`${key}/${String(this.sums.add(key, piece)).padStart(8, '0')}`, piece);
    return { name, ...this.sums.take(key) };
  }

  async finish(
    tables: readonly Pick<TableInArchive, 'service' | 'name' | 'rows'>[],
    rest: Pick<Manifest, 'migrations' | 'sequences' | 'secrets' | 'files'>,
  ): Promise<Manifest> {
    const manifest: Manifest = {
      format: FORMAT,
      madeAt: new Date().toISOString(),
      ...rest,
      tables: tables.map(({ service, name, rows }) => ({
        service,
        name,
        rows,
        ...this.sums.take(nameOf({ service, name })),
      })),
    };
    await this.add(LAST, json(manifest));
    this.pack.finalize();
    await this.written;
    const handle = await open(this.part, 'r');
    await handle.sync();
    await handle.close();
    await rename(this.part, this.file);
    return manifest;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    this.pack.destroy();
    await this.written.catch(() => undefined);
    await rm(this.part, { force: true });
  }

  private async add(name: string, content: Buffer): Promise<void> {
    const added = new Promise<void>((resolve, reject) => {
      this.pack.entry({ name, mode: 0o600, mtime: new Date() }, content, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    // a full disk is the pipe's to tell, and nobody would take what is added after it
    await Promise.race([added, this.written]);
  }
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** An archive that has been read once, to its end, and is as it was written. */
export class Archive {
  private constructor(
    private readonly file: string,
    readonly manifest: Manifest,
    /** Unlike that of any other archive. */
    readonly id: string,
    readonly secrets: ReadonlyMap<string, Buffer>,
  ) {}

  /** @throws Error in words where it is no archive, of a newer format, cut off or damaged */
  static async open(file: string, signal?: AbortSignal): Promise<Archive> {
    const damaged = (why: string): Error => new Error(`${file} cannot be restored: ${why}`);
    const sums = new Sums();
    const secrets = new Map<string, Buffer>();
    let first = true;
    let manifest: Manifest | undefined;
    let id = '';
    try {
      for await (const { name, content } of entries(file, signal)) {
        if (manifest) throw damaged('something stands behind its end');
        if (first) {
          if (name !== FIRST) throw damaged('it is no backup of Veche');
          const { format } = JSON.parse(content.toString()) as { format: number };
          if (format !== FORMAT) throw damaged(`its format is ${format}, and this version reads ${FORMAT}`);
          first = false;
          continue;
        }
        const [, service, table, place] = ROWS.exec(name) ?? [];
        const [, secret] = SECRET.exec(name) ?? [];
        const [, sent, piece] = FILE.exec(name) ?? [];
        if (service && table) {
          const key = `${service}.${table}`;
          if (Number(place) !== sums.add(key, content)) throw damaged(`${key} is not in order`);
        } else if (sent) {
          if (Number(piece) !== sums.add(`files/${sent}`, content)) throw damaged(`${name} is not in order`);
        } else if (secret && secret !== '.' && secret !== '..') secrets.set(secret, content);
        else if (name === LAST) {
          manifest = JSON.parse(content.toString()) as Manifest;
          id = sha256(content);
        } else throw damaged(`nobody knows what ${name} is`);
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw new Error(`${file} is not there`, { cause: error });
      if (signal?.aborted || message.startsWith(file)) throw error;
      throw damaged(message);
    }
    if (!manifest) throw damaged('it has no end: it was cut off');
    for (const table of manifest.tables) {
      const read = sums.take(nameOf(table));
      if (read.chunks !== table.chunks || read.sha256 !== table.sha256)
        throw damaged(`${nameOf(table)} is not what it was`);
    }
    for (const { name, sha256: sum } of manifest.secrets)
      if (sha256(secrets.get(name) ?? Buffer.alloc(0)) !== sum)
        throw damaged(`the key ${name} is not what it was`);
    for (const { name, chunks, sha256: sum } of manifest.files ?? []) {
      const read = sums.take(`files/${name}`);
      if (read.chunks !== chunks || read.sha256 !== sum) throw damaged(`the file ${name} is not what it was`);
    }
    if (sums.size > 0 || secrets.size !== manifest.secrets.length)
      throw damaged('it holds what its manifest does not name');
    return new Archive(file, manifest, id, secrets);
  }

  /** The pieces of what people have sent, those of one file after each other. */
  async *pieces(signal?: AbortSignal): AsyncGenerator<{ name: string; content: Buffer }> {
    for await (const { name, content } of entries(this.file, signal)) {
      const [, sent] = FILE.exec(name) ?? [];
      if (sent) yield { name: sent, content };
    }
  }

  /** Every chunk in the order in which it was written, which is one that rows can be inserted in. */
  async *chunks(signal?: AbortSignal): AsyncGenerator<Omit<Chunk, 'count'>> {
    for await (const { name, content } of entries(this.file, signal)) {
      const [, service, table, place] = ROWS.exec(name) ?? [];
      if (!service || !table || !place) continue;
      yield {
        table: { service: service as Service, name: table },
        rows: content.toString(),
        position: place,
      };
    }
  }
}

async function* entries(
  file: string,
  signal?: AbortSignal,
): AsyncGenerator<{ name: string; content: Buffer }> {
  const unpack = extract();
  const read = pipeline(createReadStream(file), createGunzip(), unpack);
  read.catch(() => undefined); // told by what reads the entries, or below
  for await (const entry of unpack) {
    signal?.throwIfAborted();
    if ((entry.header.size ?? 0) > MOST_BYTES) throw new Error(`${entry.header.name} is too large`);
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    yield { name: entry.header.name, content: Buffer.concat(parts) };
  }
  await read;
}
