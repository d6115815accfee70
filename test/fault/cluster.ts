import { freePort, type KafkaDoor } from '@veche/testing';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryOf, ROOT } from '../harness/build';
import { ServerProcess } from '../harness/server-process';
import { UNSET } from '../harness/veche';
import { Link } from '../harness/link';
import { listens, Part } from './part';
import { kafkaPart, postgresPart, redisPart } from './services';

/** A file that is loaded into a process before the product, and changes what it does; see sabotage/. */
export interface Sabotage {
  readonly app: string;
  readonly name: string;
  readonly file: string;
}

const POINTS = join(__dirname, 'points.mjs');

/** What replicas hear each other by; with Kafka there is no Redis at all. */
export type BusName = 'redis' | 'kafka';

/** Two gateways, two chats, auth, PostgreSQL and the bus, with a {@link Link} wherever one calls another. */
export class Cluster {
  readonly parts = new Map<string, Part>();
  readonly links = new Map<string, Link>();
  private readonly ports = new Map<string, number>();

  private constructor(
    private readonly folder: string,
    readonly bus: BusName,
  ) {}

  static async start(folder: string, bus: BusName, sabotage?: Sabotage): Promise<Cluster> {
    const cluster = new Cluster(folder, bus);
    try {
      await cluster.compose(sabotage);
      await cluster.part('postgres').start();
      await cluster.part(bus).start();
      for (const app of ['auth', 'chat', 'gateway'])
        await Promise.all(cluster.partsOf(app).map((part) => part.start()));
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  part(name: string): Part {
    const part = this.parts.get(name);
    if (!part) throw new Error(`no part ${name}`);
    return part;
  }

  /** Those whose name is `app` or begins with `app-`. */
  partsOf(app: string): Part[] {
    return [...this.parts.values()].filter((p) => p.name.replace(/-\d$/, '') === app);
  }

  /** The database, past every link. */
  get databaseUrl(): string {
    return `postgres://postgres@127.0.0.1:${this.portOf('postgres')}/veche_chat`;
  }

  /** Where clients come in: a front before both gateways, and one before both chats for gRPC. */
  get doors(): { gateway: string; chat: string } {
    return {
      gateway: `http://127.0.0.1:${this.portOf('clients→gateways')}`,
      chat: `127.0.0.1:${this.portOf('clients→chats')}`,
    };
  }

  /** Ends everything at once. */
  async end(): Promise<void> {
    await Promise.all([...this.parts.values()].map((part) => part.kill()));
    for (const link of this.links.values()) link.close();
  }

  private portOf(name: string): number {
    const port = this.ports.get(name);
    if (port === undefined) throw new Error(`no port of ${name}`);
    return port;
  }

  private async compose(sabotage?: Sabotage): Promise<void> {
    const names = ['postgres', this.bus, 'auth', 'chat-1', 'chat-2', 'gateway-1', 'gateway-2'];
    for (const name of names) this.ports.set(name, await freePort());
    await this.link('clients→gateways', 'gateway-1', 'gateway-2');
    await this.link('clients→chats', 'chat-1', 'chat-2');
    this.add(postgresPart(this.folder, this.portOf('postgres')));
    const busOf = await this.composeBus();

    const keyFile = join(this.folder, 'private.pem');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const common = {
      ...UNSET,
      NODE_ENV: 'production',
      DATA_DIR: this.folder,
      SERVICE_TOKEN: randomBytes(24).toString('hex'),
      JWT_PRIVATE_KEY_FILE: keyFile,
      ACCESS_TOKEN_TTL: '86400',
      AUTH_RATE_LIMIT: '1000000',
      RATE_LIMIT: '1000000',
      ROOMS_PER_HOUR: '1000000',
      STRANGERS_PER_DAY: '1000000',
    };
    for (const name of ['auth', 'chat-1', 'chat-2', 'gateway-1', 'gateway-2']) {
      const [app = ''] = name.split('-');
      const to = async (target: string): Promise<string> =>
        `127.0.0.1:${await this.link(`${name}→${target}`, target)}`;
      const database = app === 'gateway' ? '' : `postgres://postgres@${await to('postgres')}/veche_${app}`;
      const env: Record<string, string> = {
        ...common,
        ...(app === 'gateway'
          ? { PORT: String(this.portOf(name)), CHAT_GRPC_URL: `${await to('chat-1')},${await to('chat-2')}` }
          : { GRPC_URL: `127.0.0.1:${this.portOf(name)}`, ...(await busOf(name)) }),
        ...(app === 'auth' ? { AUTH_DATABASE_URL: database } : { AUTH_GRPC_URL: await to('auth') }),
        ...(app === 'chat' ? { CHAT_DATABASE_URL: database } : {}),
      };
      this.add(this.product(name, app, env, sabotage?.app === app ? sabotage.file : undefined));
    }
  }

  /** @returns how a process finds it, by a link of its own */
  private async composeBus(): Promise<(name: string) => Promise<Record<string, string>>> {
    const port = this.portOf(this.bus);
    if (this.bus === 'redis') {
      this.add(redisPart(this.folder, port));
      return async (name) => ({
        REDIS_URL: `redis://127.0.0.1:${await this.link(`${name}→redis`, 'redis')}`,
      });
    }
    // clients go on where the broker says that it is: each has a door that leads it back to its link
    const doors: KafkaDoor[] = [];
    const brokers = new Map<string, string>();
    for (const name of ['auth', 'chat-1', 'chat-2']) {
      const door = `kafka for ${name}`;
      this.ports.set(door, await freePort());
      const advertised = `127.0.0.1:${await this.link(`${name}→kafka`, door)}`;
      brokers.set(name, advertised);
      const own = { name: `LINK${doors.length}`, protocol: 'PLAINTEXT' as const };
      doors.push({ ...own, at: `127.0.0.1:${this.portOf(door)}`, advertised });
    }
    this.add(kafkaPart(this.folder, port, await freePort(), doors));
    return async (name) => ({ KAFKA_BROKERS: brokers.get(name) ?? '' });
  }

  private product(name: string, app: string, env: Record<string, string>, sabotage?: string): Part {
    const loaded = [...(app === 'chat' ? [POINTS] : []), ...(sabotage ? [sabotage] : [])];
    const args = [
      '--max-semi-space-size=64',
      '--enable-source-maps',
      ...loaded.flatMap((file) => ['--import', file]),
      entryOf(app),
    ];
    return new Part({
      name,
      launch: () =>
        ServerProcess.start(name, process.execPath, args, { folder: this.folder, cwd: ROOT, env }),
      serves: () => listens(this.portOf(name)),
    });
  }

  private add(part: Part): void {
    this.parts.set(part.name, part);
  }

  private async link(name: string, ...targets: string[]): Promise<number> {
    const port = await freePort();
    this.ports.set(name, port);
    this.links.set(
      name,
      await Link.open(
        name,
        port,
        targets.map((target) => this.portOf(target)),
      ),
    );
    return port;
  }
}
