import type { Config } from '@veche/config';
import { openEmbeddedPostgres } from '@veche/embedded-postgres';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Databases, openDatabases } from '../databases';
import { countAll } from './backup';
import { type Doing, fill } from './copying/fill';
import { SERVICES, Snapshot, type Urls } from './copying/reading.repository';
import { copyFiles, storeOf } from './copying/files';
import { keepSecrets, readSecrets, requireFitting } from './copying/secrets';
import { Destination } from './copying/writing.repository';

const isUrl = (to: string): boolean => /^postgres(ql)?:\/\//.test(to);
/** Without who logs in there. */
const placeOf = (to: string): string => {
  if (!isUrl(to)) return resolve(to);
  const { protocol, host, pathname } = new URL(to);
  return `${protocol}//${host}${pathname}`;
};

/** A database that a move begins at knows where to, one that it ends at knows from where: they are never the same. */
const OUT = 'out ';
const INTO = 'in ';

const isEmbedded = (config: Config): boolean => !(config.AUTH_DATABASE_URL ?? config.CHAT_DATABASE_URL);

const openOrigin = async (config: Config): Promise<Databases> => {
  const folder = join(config.DATA_DIR, 'postgres');
  if (isEmbedded(config) && !existsSync(folder))
    throw new Error(`There is nothing to move: ${folder} is not there`);
  return openDatabases(config);
};

/**
 * Takes both databases to another place with every number, session and key: from the embedded one to PostgreSQL, or to a
 * folder that is to be a DATA_DIR. No server runs meanwhile, and none starts on what was left behind. Interrupted, it
 * goes on when it is called again.
 */
export const move = async (config: Config, to: string, doing: Doing): Promise<void> => {
  const origin = await openOrigin(config);
  try {
    const door = await Destination.open(origin);
    try {
      const id = await depart(door, config, to);
      await (isUrl(to)
        ? carry(config, origin, door, { auth: to, chat: to }, to, id, doing)
        : inFolder(config, to, doing, (urls) => carry(config, origin, door, urls, to, id, doing)));
    } finally {
      await door.close();
    }
  } finally {
    await origin.close();
  }
  const setting = isUrl(to) ? 'DATABASE_URL to it' : `DATA_DIR to it, and no DATABASE_URL`;
  doing.say(`Everything is at ${placeOf(to)}: set ${setting}, and start. What was left behind is as it was.`);
};

/** Lets servers start again where a move was begun; what has arrived elsewhere by then is to be thrown away. */
export const cancelMove = async (config: Config, { say }: Doing): Promise<void> => {
  const origin = await openOrigin(config);
  try {
    const door = await Destination.open(origin);
    try {
      const found = await door.found('chat');
      if (found.state !== 'closed' || !found.source.startsWith(OUT))
        throw new Error('No move was begun here: there is nothing to cancel');
      await door.reopen();
    } finally {
      await door.close();
    }
  } finally {
    await origin.close();
  }
  say('Servers may start here again. Empty the other place before you move there again.');
};

/** Closes the place for servers. @returns the name of this move, which is the same when it goes on */
const depart = async (door: Destination, config: Config, to: string): Promise<string> => {
  const found = { auth: await door.found('auth'), chat: await door.found('chat') };
  for (const { state } of Object.values(found))
    if (state === 'empty') throw new Error('There is nothing to move: the databases have no tables');
  const closed = SERVICES.map((service) => found[service]).find((one) => one.state === 'closed');
  // a second place with the same in it, and people would talk in both
  const place = placeOf(to);
  if (closed && !(closed.source.startsWith(OUT) && closed.source.endsWith(` ${place}`)))
    throw new Error(closed.why);
  const id = closed?.source.slice(OUT.length) ?? `${randomUUID()} ${place}`;
  const why =
    `It is being moved to ${place}: run veche move --to again until it is done, ` +
    'or veche move --cancel to go on here';
  for (const service of SERVICES)
    if (found[service].state === 'in use') await door.shut(service, OUT + id, why);
  // whoever has started before that is connected, and whoever starts after it finds it closed
  if (!isEmbedded(config) && (await door.servers()) > 0) {
    if (!closed) await door.reopen();
    throw new Error('Servers are connected to the database: stop them all, and move then');
  }
  return id;
};

const carry = async (
  config: Config,
  origin: Urls,
  door: Destination,
  urls: Urls,
  to: string,
  id: string,
  doing: Doing,
): Promise<void> => {
  const snapshot = await Snapshot.open(origin, !isEmbedded(config));
  try {
    const tables = await snapshot.tables();
    const counted = await countAll(snapshot, tables);
    await fill(
      urls,
      {
        source: INTO + id,
        why: `A move from ${isEmbedded(config) ? resolve(config.DATA_DIR) : 'another database'} was not finished: run veche move again there, or empty the place`,
        migrations: { auth: await snapshot.migrations('auth'), chat: await snapshot.migrations('chat') },
        tables: tables.map((table) => ({ ...table, rows: counted.get(table) ?? 0 })),
        chunks: async function* (done) {
          for (const table of tables) yield* snapshot.chunks(table, done);
        },
        sequences: (service) => snapshot.sequences(service),
        settle: async () => {
          const why = `It was moved to ${placeOf(to)}. To go on here all the same, without what was said there: veche move --cancel`;
          for (const service of SERVICES) await door.shut(service, OUT + id, why);
        },
      },
      doing,
    );
  } finally {
    await snapshot.close();
  }
};

/** With the keys and the files, where it is another folder than they are in. */
const inFolder = async (
  config: Config,
  to: string,
  { signal }: Doing,
  work: (urls: Urls) => Promise<void>,
): Promise<void> => {
  const secrets = await readSecrets(config);
  const elsewhere = resolve(to) !== resolve(config.DATA_DIR);
  if (elsewhere) await requireFitting(to, secrets);
  const server = await openEmbeddedPostgres({ folder: join(to, 'postgres') });
  try {
    if (elsewhere) await keepSecrets(to, secrets);
    // those that FILES_DIR names stay where they are
    if (elsewhere && config.FILES_DIR === undefined)
      await copyFiles(storeOf(config), storeOf({ DATA_DIR: to }), signal);
    await work({ auth: server.url, chat: server.url });
  } finally {
    await server.close();
  }
};
