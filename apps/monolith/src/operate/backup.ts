import type { Config } from '@veche/config';
import { copyDataFolder, openEmbeddedPostgres } from '@veche/embedded-postgres';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabases } from '../databases';
import { ArchiveWriter, type TableInArchive } from './copying/archive';
import type { Doing } from './copying/fill';
import { backUpFiles, storeOf } from './copying/files';
import { Progress } from './copying/progress';
import { Snapshot, type Urls } from './copying/reading.repository';
import { readSecrets } from './copying/secrets';
import { nameOf, type Table } from './copying/tables.rules';

/** What is read, and whether anybody may write to it meanwhile. */
interface Source extends Urls {
  readonly changes: boolean;
  close(): Promise<void>;
}

/**
 * The databases themselves, or a copy of the embedded one: a server may be running on that, which has one session for
 * everybody and must not be held up.
 */
const openSource = async (config: Config, { say, signal }: Doing): Promise<Source> => {
  if (config.AUTH_DATABASE_URL ?? config.CHAT_DATABASE_URL)
    return { ...(await openDatabases(config)), changes: true };
  const folder = join(config.DATA_DIR, 'postgres');
  if (!existsSync(folder)) throw new Error(`There is nothing to back up: ${folder} is not there`);
  const copy = join(config.DATA_DIR, 'backup.tmp', 'postgres');
  const remove = (): Promise<void> => rm(join(copy, '..'), { recursive: true, force: true });
  say(`copying ${folder}`);
  await copyDataFolder(folder, copy, signal);
  try {
    const server = await openEmbeddedPostgres({ folder: copy });
    const close = (): Promise<void> => server.close().finally(remove);
    return { auth: server.url, chat: server.url, changes: false, close };
  } catch (error) {
    await remove();
    throw error;
  }
};

/**
 * Both databases, the keys and what people have sent, in one file, as they were at one moment after this was called. People may write
 * meanwhile.
 * @throws Error where the file is there already, or anything could not be read: then there is no file
 */
export const backup = async (config: Config, file: string, doing: Doing): Promise<void> => {
  const { say, signal } = doing;
  const archive = await ArchiveWriter.create(file);
  try {
    const source = await openSource(config, doing);
    try {
      const snapshot = await Snapshot.open(source, source.changes);
      try {
        const { rows, tables } = await write(snapshot, archive, doing);
        const secrets = [];
        for (const [name, content] of await readSecrets(config))
          secrets.push(await archive.addSecret(name, content));
        const files = await backUpFiles(storeOf(config), archive, signal);
        signal?.throwIfAborted();
        await archive.finish(tables, {
          migrations: { auth: await snapshot.migrations('auth'), chat: await snapshot.migrations('chat') },
          sequences: { auth: await snapshot.sequences('auth'), chat: await snapshot.sequences('chat') },
          secrets,
          files,
        });
        say(
          `${file} holds ${rows.toLocaleString('en')} rows of ${tables.length} tables, and ${keys(secrets)}${sent(files)}.`,
        );
        sayWhatIsMissing(config, say);
      } finally {
        await snapshot.close();
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    await archive.discard();
    throw error;
  }
};

const write = async (
  snapshot: Snapshot,
  archive: ArchiveWriter,
  { output, signal }: Doing,
): Promise<{ rows: number; tables: Pick<TableInArchive, 'service' | 'name' | 'rows'>[] }> => {
  const tables = await snapshot.tables();
  if (tables.length === 0) throw new Error('There is nothing to back up: the databases have no tables');
  const counted = await countAll(snapshot, tables);
  const rows = [...counted.values()].reduce((sum, count) => sum + count, 0);
  const progress = new Progress(output, rows);
  for (const table of tables)
    for await (const chunk of snapshot.chunks(table, () => undefined)) {
      signal?.throwIfAborted();
      await archive.addChunk(chunk);
      progress.add(chunk.count, nameOf(table));
    }
  progress.end();
  return { rows, tables: tables.map((table) => ({ ...table, rows: counted.get(table) ?? 0 })) };
};

export const countAll = async (snapshot: Snapshot, tables: readonly Table[]): Promise<Map<Table, number>> => {
  const counted = new Map<Table, number>();
  for (const table of tables) counted.set(table, await snapshot.count(table));
  return counted;
};

const keys = ({ length }: readonly unknown[]): string => `${length} key${length === 1 ? '' : 's'}`;

const sent = ({ length }: readonly unknown[]): string =>
  length > 0 ? `, and ${length.toLocaleString('en')} file${length === 1 ? '' : 's'}` : '';

const sayWhatIsMissing = (config: Config, say: (line: string) => void): void => {
  if (config.JWT_PRIVATE_KEY_FILE) say(`Keep ${config.JWT_PRIVATE_KEY_FILE} as well: it is not in there.`);
  else if (config.JWT_SECRET) say('Keep JWT_SECRET as well: it is not in there.');
};
