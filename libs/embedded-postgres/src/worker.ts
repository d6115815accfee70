// The thread that the database runs in: PostgreSQL itself, compiled to WebAssembly, and the bridge to its clients.
import { PGlite } from '@electric-sql/pglite';
import { parentPort, workerData } from 'node:worker_threads';
import { type Backend, Bridge } from './bridge';
import { query, SYNC } from './protocol';

/** What the thread is started with. */
export interface WorkerInput {
  readonly folder: string;
  readonly password: string;
  readonly idleInTransactionMs: number;
}

/** What it says once clients can connect. To any message from outside it answers by closing. */
export interface WorkerReady {
  readonly port: number;
}

const SETTINGS = ['shared_buffers=16MB', 'timezone=UTC', 'min_wal_size=16MB'];
/** Letters of all languages have case, as in a server with a UTF-8 locale; small segments, for a small folder. */
const INITDB = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--wal-segsize=4'];
const LAST_WORDS = 20;

const serve = async ({ folder, ...options }: WorkerInput): Promise<void> => {
  const said: string[] = [];
  const failed = (cause: unknown): Error =>
    new Error(`the embedded database in ${folder} has failed: ${said.join(' ') || String(cause)}`, { cause });

  const database = await PGlite.create({
    dataDir: folder,
    postgresqlconf: SETTINGS,
    initDbStartParams: INITDB,
    onStderr: (line) => {
      said.push(line);
      said.splice(0, said.length - LAST_WORDS);
      return false;
    },
  }).catch((error: unknown) => {
    throw failed(error);
  });

  let answer: Buffer[] = [];
  // from here on execProtocolRawSync hands its answers to this callback; otherwise it would parse and keep them all
  await database.execProtocolRawStream(SYNC, {
    syncToFs: false, // writes go straight to files
    onRawData: (bytes) => answer.push(Buffer.from(bytes)),
  });
  const backend: Backend = (messages) => {
    answer = [];
    try {
      database.execProtocolRawSync(messages);
    } catch (error) {
      throw failed(error);
    }
    return answer.length === 1 && answer[0] ? answer[0] : Buffer.concat(answer);
  };

  const bridge = await Bridge.open(backend, { ...options, database: 'postgres' });
  parentPort?.once('message', () => {
    void bridge
      .close()
      .then(() => {
        backend(query('CHECKPOINT'));
        return database.close();
      })
      .then(() => parentPort?.close());
  });
  const ready: WorkerReady = { port: bridge.port };
  parentPort?.postMessage(ready);
};

void serve(workerData as WorkerInput);
