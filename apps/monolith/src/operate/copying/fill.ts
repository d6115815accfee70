import { migrateUp, openDatabase } from '@veche/database';
import { AUTH_DATABASE } from '../../../../auth/src/auth.database';
import { CHAT_DATABASE } from '../../../../chat/src/chat.database';
import type { Chunk, Done, Sequence } from './chunk';
import { type Output, Progress } from './progress';
import { type Service, SERVICES, type Urls } from './reading.repository';
import { nameOf, type Table } from './tables.rules';
import { Destination } from './writing.repository';

const DATABASES = { auth: AUTH_DATABASE, chat: CHAT_DATABASE };
const PATIENCE_MS = 10_000;

/** What an operator sees and can stop. */
export interface Doing {
  readonly say: (line: string) => void;
  readonly output: Output;
  readonly signal?: AbortSignal | undefined;
}

/** What databases are filled with. */
export interface Contents {
  /** Unlike that of any other: what was begun with it goes on with it, and with nothing else. */
  readonly source: string;
  /** What a server says that is started on it before everything is there. */
  readonly why: string;
  readonly migrations: Readonly<Record<Service, readonly string[]>>;
  readonly tables: readonly (Pick<Table, 'service' | 'name'> & { readonly rows: number })[];
  /** @param done up to where a table need not be given any more; it may be all the same */
  chunks(done: Done): AsyncIterable<Omit<Chunk, 'count'>>;
  sequences(service: Service): Promise<readonly Sequence[]>;
  /** Done when everything is there, and before a server may start on it; again where it was interrupted. */
  settle?(): Promise<void>;
}

/** @throws Error where this version does not know how the tables were made */
export const requireKnown = (migrations: Contents['migrations']): void => {
  for (const service of SERVICES) {
    const known = new Set<string>(DATABASES[service].migrations.map(({ name }) => name));
    if (migrations[service].some((name) => !known.has(name)))
      throw new Error(`The tables of ${service} are of a newer version of Veche: do it with that one`);
  }
};

/**
 * Makes the tables as they were where the contents come from, and fills them; again, it goes on where it was
 * interrupted. Until everything is there, no server starts on it.
 * @throws Error where there is anything else
 */
export const fill = async (urls: Urls, contents: Contents, doing: Doing): Promise<void> => {
  requireKnown(contents.migrations);
  // makes the databases where they are missing
  for (const service of SERVICES) await withTables(urls[service], service, contents, () => Promise.resolve());
  const destination = await Destination.open(urls);
  try {
    if (!(await begin(destination, contents))) {
      for (const service of SERVICES)
        await withTables(
          urls[service],
          service,
          contents,
          async (database) => void (await migrateUp(database)),
        );
      await copy(destination, contents, doing);
      await verify(destination, contents);
      for (const service of SERVICES)
        await destination.continueSequences(service, await contents.sequences(service));
      await destination.complete(contents.tables);
    }
    await contents.settle?.();
    await destination.reopen();
  } finally {
    await destination.close();
  }
};

const withTables = async (
  url: string,
  service: Service,
  { migrations }: Contents,
  work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<void>,
): Promise<void> => {
  const made = new Set(migrations[service]);
  const database = await openDatabase({
    ...DATABASES[service],
    migrations: DATABASES[service].migrations.filter(({ name }) => made.has(name)),
    url,
    poolSize: 1,
    patienceMs: PATIENCE_MS,
    tables: 'leave',
  });
  try {
    await work(database);
  } finally {
    await database.source.destroy();
  }
};

/** @returns whether everything was there already, and only the end is missing */
const begin = async (destination: Destination, { source, why }: Contents): Promise<boolean> => {
  const found = { auth: await destination.found('auth'), chat: await destination.found('chat') };
  const both = SERVICES.map((service) => found[service]);
  const complete = both.some((one) => one.state === 'closed' && one.source === source && one.complete);
  for (const service of SERVICES) {
    const one = found[service];
    if (one.state === 'closed' && one.source !== source)
      throw new Error(`The place is not empty: something else was put there. ${one.why}`);
    if (one.state === 'in use' && !complete)
      throw new Error(`The place is not empty: there are tables of ${service} already`);
  }
  if (complete) return true;
  for (const service of SERVICES)
    if (found[service].state === 'empty') await destination.shut(service, source, why);
  return false;
};

const copy = async (
  destination: Destination,
  contents: Contents,
  { output, signal }: Doing,
): Promise<void> => {
  const columns = new Map((await destination.tables()).map((table) => [nameOf(table), table.columns]));
  const { done, rowsOf } = await destination.progress();
  const total = contents.tables.reduce((sum, { rows }) => sum + rows, 0);
  const before = contents.tables.reduce((sum, table) => sum + rowsOf(table), 0);
  await destination.clear(contents.tables.filter((table) => done(table) === undefined));
  const progress = new Progress(output, total, before);
  for await (const chunk of contents.chunks(done)) {
    signal?.throwIfAborted();
    const name = nameOf(chunk.table);
    progress.add(await destination.write(chunk, columns.get(name) ?? []), name);
  }
  progress.end();
};

const verify = async (destination: Destination, { tables }: Contents): Promise<void> => {
  for (const table of tables) {
    const count = await destination.count(table);
    if (count !== table.rows)
      throw new Error(`${nameOf(table)} has ${count} rows after ${table.rows} were to be copied`);
  }
};
