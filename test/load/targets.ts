import { eventually, freePort } from '@veche/testing';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildWhenStale, ROOT } from '../harness/build';
import { crowd, type Person } from '../harness/people';
import { ServerProcess } from '../harness/server-process';
import { newFolder, type Shape, Veche } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Scenario, Seat } from './scenario';

export interface Seating extends Pick<Scenario, 'clients' | 'roomSize' | 'writers'> {
  /** Connections of each person; one when left out. */
  readonly devices?: number;
}

/** A server under load. */
export interface Target {
  readonly name: string;
  readonly pid: number;
  /** Everybody in place, in rooms of their own. */
  seats(seating: Seating): Promise<Seat[]>;
  /** As a deploy does it: told to leave, and started again at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** A folder for CPU profiles. */
  readonly profile?: string | undefined;
}

/** Members that a room may be created with. */
const AT_CREATION = 99;

const nodeOptions = (profile: string | undefined): Record<string, string> => {
  const preloaded = ['memory.cjs', ...(profile === undefined ? [] : ['profile.cjs'])];
  return {
    NODE_OPTIONS: preloaded.map((file) => `--require ${join(__dirname, file)}`).join(' '),
    ...(profile === undefined ? {} : { PROFILE_FOLDER: resolve(profile) }),
  };
};

const pidOf = ({ child }: ServerProcess): number => {
  if (child.pid === undefined) throw new Error('the process did not start');
  return child.pid;
};

export class Bare implements Target {
  readonly name = 'bare Socket.IO, nothing stored';
  private server!: ServerProcess;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly profile: string | undefined,
  ) {}

  static async start({ profile }: TargetOptions): Promise<Bare> {
    const bare = new Bare(await freePort(), newFolder(), profile);
    await bare.launch();
    return bare;
  }

  get pid(): number {
    return pidOf(this.server);
  }

  seats({ clients, roomSize, writers }: Seating): Promise<Seat[]> {
    const gateway = `http://127.0.0.1:${this.port}`;
    const seat = (i: number): Seat => {
      const room = `room-${Math.floor(i / roomSize)}`;
      return { gateway, token: room, roomId: room, writes: i % roomSize < writers };
    };
    return Promise.resolve(Array.from({ length: clients }, (_, i) => seat(i)));
  }

  async restart(): Promise<void> {
    await this.server.stop();
    await this.launch();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async launch(): Promise<void> {
    this.server = ServerProcess.start(
      'bare',
      process.execPath,
      ['-r', join(ROOT, 'test/harness/register.cjs'), join(__dirname, 'bare-server.ts')],
      {
        folder: this.folder,
        env: { PORT: String(this.port), NODE_ENV: 'production', ...nodeOptions(this.profile) },
      },
    );
    await eventually(() => fetch(`http://127.0.0.1:${this.port}/socket.io/`).then(() => true), {
      within: 20_000,
    });
  }
}

/** One process: on PostgreSQL where a server is given, on the embedded database otherwise. */
export class VecheTarget implements Target {
  readonly people: Person[] = [];

  private constructor(
    readonly server: Veche,
    readonly shape: Shape,
  ) {}

  static async start(shape: Shape, { profile }: TargetOptions): Promise<VecheTarget> {
    buildWhenStale();
    const env = { LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '7200', DATABASE_POOL: '10', ...nodeOptions(profile) };
    return new VecheTarget(await Veche.start(shape, { redisUrl: '', env }), shape);
  }

  get name(): string {
    return `Veche, one process, ${this.shape === 'postgres' ? 'PostgreSQL' : 'embedded database'}`;
  }

  get pid(): number {
    return pidOf(this.server.process('monolith'));
  }

  async seats({ clients, roomSize, writers, devices = 1 }: Seating): Promise<Seat[]> {
    const people = (await this.atLeast(clients / devices)).slice(0, clients / devices);
    const groups = Array.from({ length: Math.ceil((people.length * devices) / roomSize) }, (_, r) =>
      people.slice((r * roomSize) / devices, ((r + 1) * roomSize) / devices),
    );
    const seated = await inTurns(groups, 8, async (group) => {
      const roomId = await this.room(group);
      return group.flatMap(({ rest: { gateway }, token }, i) =>
        Array.from({ length: devices }, () => ({ gateway, token, roomId, writes: i < writers })),
      );
    });
    return seated.flat();
  }

  async atLeast(count: number): Promise<readonly Person[]> {
    const missing = count - this.people.length;
    if (missing > 0) this.people.push(...(await crowd(this.server.doors, missing)));
    return this.people;
  }

  async restart(): Promise<void> {
    await this.server.stop();
    await this.server.launch();
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.server.destroy();
    rmSync(this.server.folder, { recursive: true, force: true });
  }

  private async room(group: readonly Person[]): Promise<string> {
    const [first, ...others] = group as [Person, ...Person[]];
    const { id } = await first.createRoom('public', others.slice(0, AT_CREATION));
    await inTurns(others.slice(AT_CREATION), 8, ({ rest }) => rest.post(`/rooms/${id}/join`));
    return id;
  }
}
