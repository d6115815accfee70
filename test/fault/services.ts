import { type KafkaDoor, kafkaServes, prepareKafka } from '@veche/testing';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { ServerProcess } from '../harness/server-process';
import { listens, Part } from './part';

/** The newest PostgreSQL of this machine. */
const postgresBinaries = (): string => {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((v) => join(home, v, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  if (found) return found;
  const path = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).stdout.trim();
  if (path === '') throw new Error('PostgreSQL (initdb, postgres) is not installed');
  return join(path, '..');
};

/** PostgreSQL refuses to be run by root: then somebody else's id. */
const owner = (): { uid?: number; gid?: number } => {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const id = (flag: string): number => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
    const [uid, gid] = [id('-u'), id('-g')];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error('PostgreSQL cannot be run by root, and there is no user postgres or nobody');
};

/** A PostgreSQL server with nothing in it, in a folder of its own. What it has committed survives a kill. */
export const postgresPart = (folder: string, port: number): Part => {
  const bin = postgresBinaries();
  const data = join(folder, 'postgres');
  const as = owner();
  mkdirSync(data, { mode: 0o700 });
  if (as.uid !== undefined && as.gid !== undefined) {
    chmodSync(folder, 0o711);
    chownSync(data, as.uid, as.gid);
  }
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync'], {
    ...as,
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  });
  if (made.status !== 0) throw new Error(`initdb failed\n${made.stdout}\n${made.stderr}`);
  // the machine stays up, so the kernel keeps what was written without fsync
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'shared_buffers=32MB',
  ];
  return new Part({
    name: 'postgres',
    launch: () =>
      ServerProcess.start(
        'postgres',
        join(bin, 'postgres'),
        ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])],
        { folder, cwd: '/', env: { LC_ALL: 'C' }, ...as },
      ),
    serves: async () => {
      const client = new Client({
        connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
        connectionTimeoutMillis: 1_000,
      });
      try {
        await client.connect();
        return true;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    // SIGTERM would wait for the clients to go
    farewell: 'SIGINT',
    insists: true,
  });
};

export const redisPart = (folder: string, port: number): Part =>
  new Part({
    name: 'redis',
    launch: () =>
      ServerProcess.start(
        'redis',
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
        { folder },
      ),
    serves: () => listens(port),
  });

/** Java's own start is in it, on a machine that is busy with everything else that has just started. */
const KAFKA_START_MS = 120_000;

/** A broker of Kafka that is alone. What it has taken survives a kill. */
export const kafkaPart = (
  folder: string,
  port: number,
  controllerPort: number,
  doors: readonly KafkaDoor[],
): Part => {
  const own: KafkaDoor = { name: 'PLAINTEXT', protocol: 'PLAINTEXT', at: `127.0.0.1:${port}` };
  const home = join(folder, 'kafka');
  mkdirSync(home);
  const args = prepareKafka(home, [own, ...doors], `127.0.0.1:${controllerPort}`);
  return new Part({
    name: 'kafka',
    launch: () => ServerProcess.start('kafka', 'java', args, { folder }),
    serves: () => kafkaServes(port),
    startMs: KAFKA_START_MS,
  });
};
