import { credentials, Client as GrpcChannel } from '@grpc/grpc-js';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryOf, ROOT } from './build';
import { TestDatabases, testRedis } from './databases';
import { eventually, freePort } from '@veche/testing';
import { ServerProcess } from './server-process';

export const SHAPES = ['embedded', 'postgres', 'micro'] as const;
/**
 * embedded: one process with its own database; postgres: one process on PostgreSQL and Redis;
 * micro: two of auth, chat and gateway each on PostgreSQL and Redis.
 */
export type Shape = (typeof SHAPES)[number];

/** The shape that this run is about, from the environment variable SHAPE. */
export const shapeOfRun = (): Shape => {
  const shape = process.env.SHAPE ?? 'embedded';
  if (!(SHAPES as readonly string[]).includes(shape))
    throw new Error(`SHAPE must be one of ${SHAPES.join()}`);
  return shape as Shape;
};

/** Where the doors of a running Veche are. */
export interface Doors {
  readonly shape: Shape;
  /** `http://127.0.0.1:…`, one for each gateway. */
  readonly gateways: readonly string[];
  /** `127.0.0.1:…` of gRPC, one for each replica. */
  readonly auth: readonly string[];
  readonly chat: readonly string[];
  /** `127.0.0.1:…`, where each process tells its metrics, by its name: `chat-1`. */
  readonly metrics: Readonly<Record<string, string>>;
  /** The private key that its tokens are signed with. */
  readonly keyFile: string;
  readonly serviceToken: string;
  readonly dataDir: string;
}

export interface Settings {
  /** Variables that differ from the harness's own. */
  env?: Record<string, string>;
  /** Instead of the Redis that the environment names. */
  redisUrl?: string;
  /** Where logs and data go; a new folder when left out. */
  folder?: string;
  /** Leaves the signing key to the server. */
  ownKey?: boolean;
}

interface Planned {
  name: string;
  app: string;
  env: Record<string, string>;
}

/** What a developer's own .env sets must not decide a test. */
export const UNSET: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => [
      name,
      '',
    ]),
  ),
  // many run beside each other
  METRICS_PORT: 'off',
};

/** How long a start may take before a test gives up on it. */
const START_MS = 60_000;

const isUp = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).status === 200;

const grpcIsUp = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const channel = new GrpcChannel(address, credentials.createInsecure());
    channel.waitForReady(Date.now() + 1_000, (error) => {
      channel.close();
      resolve(error === undefined);
    });
  });

export const newFolder = (): string => {
  const runs = process.env.VECHE_RUN_FOLDER;
  return mkdtempSync(join(runs ?? tmpdir(), 'veche-'));
};

/** A Veche as operators run it: real processes of the build, on free ports, with data of its own. */
export class Veche {
  private processes: ServerProcess[] = [];

  private constructor(
    readonly doors: Doors,
    readonly folder: string,
    private readonly databases: TestDatabases,
    private readonly plan: readonly Planned[],
  ) {}

  /** @throws when it is not ready in time, with what it logged */
  static async start(shape: Shape, settings: Settings = {}): Promise<Veche> {
    const veche = await Veche.prepare(shape, settings);
    await veche.launch();
    return veche;
  }

  /** Everything but the start itself, for tests of starts. */
  static async prepare(shape: Shape, settings: Settings = {}): Promise<Veche> {
    const folder = settings.folder ?? newFolder();
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir, { recursive: true });
    const keyFile = settings.ownKey ? join(dataDir, 'secrets/private.pem') : join(folder, 'private.pem');
    if (!settings.ownKey) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    }
    const databases = new TestDatabases();
    const serviceToken = randomBytes(24).toString('hex');
    const common: Record<string, string> = {
      ...UNSET,
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      SERVICE_TOKEN: serviceToken,
      // a dozen services of one run share one PostgreSQL, which takes a hundred connections unless told
      DATABASE_POOL: '5',
      AUTH_RATE_LIMIT: '1000000',
      RATE_LIMIT: '1000000',
      ROOMS_PER_HOUR: '1000000',
      STRANGERS_PER_DAY: '1000000',
      APPS: 'veche,elsewhere',
      ...(settings.ownKey ? {} : { JWT_PRIVATE_KEY_FILE: keyFile }),
    };
    if (shape !== 'embedded') common.REDIS_URL = settings.redisUrl ?? (await testRedis());
    const ports = async (n: number): Promise<number[]> => Promise.all(Array.from({ length: n }, freePort));
    const addresses = async (n: number): Promise<string[]> => (await ports(n)).map((p) => `127.0.0.1:${p}`);
    const replicas = shape === 'micro' ? 2 : 1;
    const auth = await addresses(replicas);
    const chat = await addresses(replicas);
    const gatewayPorts = await ports(replicas);
    Object.assign(common, { AUTH_GRPC_URL: auth.join(), CHAT_GRPC_URL: chat.join() });
    const each = <T>(app: string, of: T[], env: (one: T) => Record<string, string>): Planned[] =>
      of.map((one, i) => ({ name: `${app}-${i + 1}`, app, env: { ...common, ...env(one) } }));
    const plan: Planned[] =
      shape === 'micro'
        ? [
            ...each('auth', auth, (url) => ({ GRPC_URL: url, AUTH_DATABASE_URL: databases.url('auth') })),
            ...each('chat', chat, (url) => ({ GRPC_URL: url, CHAT_DATABASE_URL: databases.url('chat') })),
            ...each('gateway', gatewayPorts, (port) => ({ PORT: String(port) })),
          ]
        : [
            {
              name: 'monolith',
              app: 'monolith',
              env: {
                ...common,
                PORT: String(gatewayPorts[0]),
                ...(shape === 'postgres' ? { DATABASE_URL: databases.url('veche') } : {}),
              },
            },
          ];
    const metricsPorts = await ports(plan.length);
    plan.forEach(({ env }, i) => (env.METRICS_PORT = String(metricsPorts[i])));
    const doors: Doors = {
      shape,
      gateways: gatewayPorts.map((port) => `http://127.0.0.1:${port}`),
      auth,
      chat,
      metrics: Object.fromEntries(plan.map(({ name, env }) => [name, `127.0.0.1:${env.METRICS_PORT}`])),
      keyFile,
      serviceToken,
      dataDir,
    };
    return new Veche(
      doors,
      folder,
      databases,
      plan.map((p) => ({ ...p, env: { ...p.env, ...settings.env } })),
    );
  }

  /** Starts the processes, or the first of them, without waiting for any. */
  spawn(count = this.plan.length): readonly ServerProcess[] {
    return (this.processes = this.plan.slice(0, count).map((planned) => this.begin(planned)));
  }

  private begin({ name, app, env }: Planned): ServerProcess {
    return ServerProcess.start(
      name,
      process.execPath,
      ['--max-semi-space-size=64', '--enable-source-maps', entryOf(app)],
      // not where Veche is installed: it finds its own files, and no .env of whoever runs the tests
      { folder: this.folder, cwd: this.folder, env },
    );
  }

  /** SIGTERM to one of the processes, and another in its place, as an operator does with each in turn. */
  async restart(name: string): Promise<void> {
    const planned = this.plan.find((p) => p.name === name);
    if (!planned) throw new Error(`no process ${name}`);
    await this.process(name).stop();
    const again = this.begin(planned);
    this.processes = this.processes.map((p) => (p.name === name ? again : p));
    const url = planned.env.GRPC_URL;
    const up = (): Promise<boolean> => (url ? grpcIsUp(url) : isUp(`http://127.0.0.1:${planned.env.PORT}`));
    await eventually(up, { within: START_MS });
  }

  async launch(): Promise<void> {
    const processes = this.spawn();
    const ready = async (): Promise<boolean> => {
      const { gateways, auth, chat } = this.doors;
      return (await Promise.all([...gateways.map(isUp), ...[...auth, ...chat].map(grpcIsUp)])).every(Boolean);
    };
    const gone = processes.map(async (p) => {
      await p.exited;
      throw new Error(`${p.name} ended while starting`);
    });
    try {
      await Promise.race([eventually(ready, { within: START_MS }), ...gone]);
    } catch (error) {
      const logs = this.logs;
      await this.destroy();
      throw new Error(`${(error as Error).message}\n${logs}`, { cause: error });
    }
  }

  /** Of a monolith on PostgreSQL. */
  get databaseUrl(): string {
    return this.databases.url('veche');
  }

  /** What an operator's commands need to know: what is set for its processes. */
  get settings(): Readonly<Record<string, string>> {
    // what one of them is not to know is empty there
    const given = this.plan.flatMap(({ env }) => Object.entries(env)).filter(([, value]) => value !== '');
    return Object.fromEntries(given);
  }

  /** Changes what is set for its processes, from the next start on. */
  set(env: Readonly<Record<string, string>>): void {
    for (const planned of this.plan) Object.assign(planned.env, env);
  }

  /** The machine burns down: databases, keys and all. */
  async lose(): Promise<void> {
    await this.kill();
    await this.databases.drop();
    rmSync(this.doors.dataDir, { recursive: true, force: true });
  }

  process(name: string): ServerProcess {
    const found = this.processes.find((p) => p.name === name);
    if (!found) throw new Error(`no process ${name}`);
    return found;
  }

  get logs(): string {
    return this.processes.map((p) => `--- ${p.name}\n${p.output}`).join('\n');
  }

  /** SIGTERM to all. The data stays; `launch` starts on it again. */
  async stop(): Promise<void> {
    const results = await Promise.allSettled(this.processes.map((p) => p.stop()));
    const failed = results.find((r) => r.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async kill(): Promise<void> {
    await Promise.all(this.processes.map((p) => p.kill()));
  }

  /** Ends what still runs and removes the data. */
  async destroy(): Promise<void> {
    await this.lose();
  }
}

/** The Veche that the suites of a run share; Jest's global setup has started it. */
export const sharedDoors = (): Doors => {
  const doors = process.env.VECHE_DOORS;
  if (!doors) throw new Error('the global setup of the e2e project has not run');
  return JSON.parse(doors) as Doors;
};
