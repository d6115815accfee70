import { Config } from '@veche/config';
import { describeWithKafka, eventually, freePort, startKafka } from '@veche/testing';
import Ajv from 'ajv';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createClient } from 'redis';
import { buildWhenStale, ROOT } from '../harness/build';
import { Rest } from '../harness/rest';
import { ServerProcess } from '../harness/server-process';
import { postgresPart } from '../fault/services';
import { composeFile, copied, dockerTargets, interpolate, interpolated, read } from './compose-file';

const file = composeFile();
const targets = dockerTargets();
const of = (profile: string): [string, (typeof file.services)[string]][] =>
  Object.entries(file.services).filter(([, service]) => service.profiles.includes(profile));

describe('docker-compose.yml', () => {
  it('is what the Compose specification says', () => {
    const { $schema: _, ...schema } = JSON.parse(read('test/deploy/compose-spec.schema.json')) as {
      $schema: string;
    };
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    validate(file);
    expect(validate.errors).toBeNull();
  });

  it('names what is there: targets of the Dockerfile, volumes, services of the same profile', () => {
    for (const service of Object.values(file.services)) {
      if (service.build) expect(targets.get(service.build.target)?.command).not.toEqual([]);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('./')) expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
        else expect(file.volumes).toHaveProperty(source);
      }
      for (const network of service.networks ?? []) expect(file.networks).toHaveProperty(network);
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(file.services[name]?.profiles).toEqual(service.profiles);
        expect(condition).toBe('service_healthy');
      }
    }
  });

  it('lets a service reach what it needs, and nothing else', () => {
    const reach = (name: string): string[] => {
      const networks = file.services[name]?.networks ?? [];
      return of('micro')
        .filter(([other, service]) => other !== name && service.networks?.some((n) => networks.includes(n)))
        .map(([other]) => other)
        .sort();
    };
    expect(Object.fromEntries(of('micro').map(([name]) => [name, reach(name)]))).toEqual({
      auth: ['chat', 'gateway', 'postgres', 'redis'],
      chat: ['auth', 'gateway', 'postgres', 'redis'],
      gateway: ['auth', 'chat'],
      postgres: ['auth', 'chat'],
      redis: ['auth', 'chat'],
    });
    // beside them, for auth and chat alone
    expect(file.services.kafka?.networks).toEqual(file.services.redis?.networks);
    // what holds data has no way to the outside
    for (const network of ['database', 'bus']) expect(file.networks[network]).toEqual({ internal: true });
  });

  it('has no secret in it, and none that everybody has', () => {
    for (const [name, otherwise] of interpolated(read('docker-compose.yml')))
      if (/PASSWORD|SECRET|TOKEN$/.test(name)) expect([name, otherwise]).toEqual([name, '']);
  });
});

describeWithKafka('the Kafka of docker-compose.yml', () => {
  it('is one that starts with these settings', async () => {
    const given = Object.entries(file.services.kafka?.environment ?? {});
    // as its image reads them
    const settings = given.map(([name, value]) => [name.slice(6).toLowerCase().replaceAll('_', '.'), value]);
    const kafka = await startKafka(Object.fromEntries(settings));
    await kafka.close();
  }, 600_000);
});

describe('the Dockerfile', () => {
  it('copies what is there', () => {
    for (const path of copied()) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });
});

const lines = read('.env.example').split('\n');
const settings = lines.flatMap((line) => /^#? ?([A-Z_]+)=/.exec(line)?.[1] ?? []);

const NO_DATABASE = ['node_modules/typescript', 'node_modules/@electric-sql'];
const NO_PAGES = ['dist/web', 'dist/client', 'dist/cli'];

describe('an image', () => {
  it.each([
    ['auth', [...NO_DATABASE, ...NO_PAGES]],
    ['chat', [...NO_DATABASE, ...NO_PAGES]],
    ['gateway', NO_DATABASE],
    ['monolith', ['node_modules/typescript']],
  ])('of %s carries nothing that it does not need', (target, unneeded) => {
    const { without = [] } = targets.get(target) ?? {};
    expect(without).toEqual(expect.arrayContaining(unneeded));
    for (const path of without.filter((it) => it.startsWith('node_modules/')))
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });
});

describe('.env.example', () => {
  it('has every variable of the configuration and of docker-compose.yml, and no other', () => {
    const optional = read('libs/config/src/config.ts').matchAll(/^ {2}.*\s([A-Z_]+)\?:/gm);
    const known = [...Object.keys(new Config()), ...[...optional].map(([, name]) => name)];
    expect([...settings].sort()).toEqual(
      [...new Set([...known, ...interpolated(read('docker-compose.yml')).keys()])].sort(),
    );
  });

  it('explains each in one line', () => {
    lines.forEach((line, i) => {
      if (/^#? ?[A-Z_]+=/.test(line)) expect(lines[i - 1]).toMatch(/^# [A-Z].*[.]$/);
    });
  });
});

/** What services listen at in their containers. */
const PORTS = [6379, 8080, 50051, 50052];

/**
 * Runs a profile without containers: the commands, environments and health checks of both files, with the names of
 * services and their ports replaced by ports of this machine, and volumes by folders.
 */
class Composition {
  readonly processes = new Map<string, ServerProcess>();
  readonly folder = mkdtempSync(join(tmpdir(), 'veche-compose-'));

  private constructor(
    private readonly profile: string,
    private readonly dotEnv: Record<string, string>,
    /** What is replaced before anything else. */
    private readonly replaced: Record<string, string>,
    private readonly ports: ReadonlyMap<string, number>,
  ) {}

  static async of(
    profile: string,
    dotEnv: Record<string, string> = {},
    replaced: Record<string, string> = {},
  ): Promise<Composition> {
    const ports = new Map<string, number>();
    for (const [name] of of(profile))
      for (const port of PORTS) ports.set(`${name}:${port}`, await freePort());
    return new Composition(profile, dotEnv, replaced, ports);
  }

  async start(): Promise<void> {
    const waiting = new Map(of(this.profile).filter(([, service]) => service.build));
    while (waiting.size > 0) {
      const next = [...waiting].filter(([, { depends_on = {} }]) =>
        Object.keys(depends_on).every((d) => !waiting.has(d)),
      );
      for (const [name, service] of next) {
        const target = targets.get(service.build?.target ?? '');
        if (!target) throw new Error(`no target for ${name}`);
        // a developer's own .env has no say
        const unset = Object.fromEntries(settings.map((setting) => [setting, '']));
        const environment = { ...unset, ...target.env, ...service.environment };
        const env: Record<string, string> = Object.fromEntries(
          Object.entries(environment).map(([key, value]) => [key, this.onThisMachine(name, key, value)]),
        );
        const [command = '', ...args] = target.command;
        // what the image lacks is not found here either
        env.NODE_OPTIONS = `--require ${join(ROOT, 'test/deploy/without.cjs')}`;
        env.WITHOUT = target.without.map((path) => join(ROOT, path)).join(',');
        const process = ServerProcess.start(name, command, args, { folder: this.folder, cwd: ROOT, env });
        this.processes.set(name, process);
      }
      for (const [name] of next) {
        await this.healthy(name);
        waiting.delete(name);
      }
    }
  }

  at(name: string, port: number): string {
    return `127.0.0.1:${this.ports.get(`${name}:${port}`)}`;
  }

  async stop(): Promise<void> {
    for (const process of [...this.processes.values()].reverse()) await process.stop();
  }

  async remove(): Promise<void> {
    for (const process of this.processes.values()) await process.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private onThisMachine(service: string, key: string, written: string): string {
    let value = interpolate(written, this.dotEnv);
    for (const [from, to] of Object.entries(this.replaced)) value = value.replace(from, to);
    if (key === 'PORT' && value) return String(this.ports.get(`${service}:${value}`));
    return value
      .replace(/^\/data/, join(this.folder, service))
      .replace(/^0\.0\.0\.0$/, '127.0.0.1')
      .replace(/\b([a-z]+|0\.0\.0\.0|127\.0\.0\.1):(\d+)/g, (all, host: string, port: string) => {
        const name = /^[\d.]+$/.test(host) ? service : host;
        return this.ports.has(`${name}:${port}`) ? this.at(name, Number(port)) : all;
      });
  }

  private async healthy(name: string): Promise<void> {
    const { build } = file.services[name] ?? {};
    const words = targets.get(build?.target ?? '')?.healthcheck ?? [];
    const [command = '', ...args] = words.map((word) => this.onThisMachine(name, '', word));
    const process = this.processes.get(name);
    const check = (): boolean => spawnSync(command, args, { cwd: ROOT }).status === 0;
    await eventually(() => !process?.running || check(), { within: 40_000 }).catch(() => undefined);
    if (!process?.running || !check()) throw new Error(`${name} did not become healthy:\n${process?.output}`);
  }
}

/** Somebody registers, opens a room and says something. */
const talk = async (gateway: string): Promise<void> => {
  const rest = new Rest(gateway);
  const { body: login } = await rest.request<{ accessToken: string }>('POST', '/auth/register', {
    body: { username: 'anna', email: 'anna@example.org', password: 'correct horse battery' },
  });
  const anna = new Rest(gateway, login.accessToken);
  const { body: room } = await anna.request<{ id: string }>('POST', '/rooms', {
    body: { name: 'The square', kind: 'public' },
  });
  const said = await anna.request<{ seq: number }>('POST', `/rooms/${room.id}/messages`, {
    body: { text: 'Hello', clientId: '1' },
  });
  expect([said.status, said.body.seq]).toEqual([201, 2]);
};

describe('the commands of the containers', () => {
  beforeAll(buildWhenStale, 180_000);

  let composition: Composition;
  afterEach(() => composition.remove());

  it('bring up the profile mono, which needs no setting at all', async () => {
    composition = await Composition.of('mono');
    await composition.start();
    await talk(`http://${composition.at('veche', 8080)}`);
    await composition.stop();
  });

  it('say what a service lacks', async () => {
    composition = await Composition.of('micro');
    await expect(composition.start()).rejects.toThrow(/SERVICE_TOKEN must be set/);
  });

  // needs the PostgreSQL and the redis-server of this machine
  const onServers = process.env.TEST_DATABASE_URL ? it : it.skip;
  onServers(
    'bring up the profile micro, with the secrets it asks for, and each service reads its own database alone',
    async () => {
      const passwords = {
        AUTH_DATABASE_PASSWORD: 'theAuthPassword1',
        CHAT_DATABASE_PASSWORD: 'theChatPassword1',
        REDIS_PASSWORD: 'theRedisPassword1',
      };
      const port = await freePort();
      composition = await Composition.of(
        'micro',
        { SERVICE_TOKEN: 'a-credential-for-this-test', POSTGRES_PASSWORD: 'theAdminPassword1', ...passwords },
        { 'postgres:5432': `127.0.0.1:${port}` },
      );
      const postgres = postgresPart(composition.folder, port);
      await postgres.start();
      const connection = { PGHOST: '127.0.0.1', PGPORT: String(port) };
      // twice: as whoever has databases already is told to
      for (let i = 0; i < 2; i++) {
        const made = spawnSync('sh', [join(ROOT, 'deploy/databases.sh')], {
          env: { PATH: process.env.PATH, ...connection, ...passwords },
          encoding: 'utf8',
        });
        expect([made.status, made.stderr]).toEqual([0, '']);
      }
      const command = (file.services.redis?.command ?? []).map((word) => interpolate(word, passwords));
      const redisPort = composition.at('redis', 6379).split(':')[1] ?? '';
      const redis = ServerProcess.start(
        'redis',
        command[0] ?? '',
        [...command.slice(1), '--bind', '127.0.0.1', '--port', redisPort],
        { folder: composition.folder },
      );
      try {
        await composition.start();
        await talk(`http://${composition.at('gateway', 8080)}`);
        const count = async (user: string, database: string, table: string): Promise<unknown> => {
          const client = new Client({ host: '127.0.0.1', port, user, database });
          try {
            await client.connect();
            return (await client.query(`SELECT count(*)::int FROM ${table}`)).rows[0];
          } finally {
            await client.end().catch(() => undefined);
          }
        };
        expect(await count('auth', 'auth', 'auth.users')).toEqual({ count: 1 });
        expect(await count('chat', 'chat', 'chat.rooms')).toEqual({ count: 1 });
        await expect(count('chat', 'auth', 'auth.users')).rejects.toMatchObject({ code: '42501' });
        await expect(count('auth', 'chat', 'chat.rooms')).rejects.toMatchObject({ code: '42501' });
        const stranger = createClient({ url: `redis://127.0.0.1:${redisPort}` });
        stranger.on('error', () => undefined);
        await stranger.connect();
        await expect(stranger.keys('*')).rejects.toThrow('NOAUTH');
        await stranger.disconnect();
        await composition.stop();
      } finally {
        await redis.kill();
        await postgres.kill();
      }
    },
    120_000,
  );
});
