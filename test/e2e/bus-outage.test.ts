import { describeWithKafka, eventually, startKafka, startRedis } from '@veche/testing';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT } from '../harness/build';
import { Follower } from '../harness/follower';
import { crowd, type Person } from '../harness/people';
import type { Refused } from '../harness/rest';
import { Socket } from '../harness/socket';
import { type Settings, shapeOfRun, Veche } from '../harness/veche';
import type { Room } from '../harness/wire';

const shape = shapeOfRun();

/** What replicas hear each other by. */
interface Server {
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Client {
  readonly person: Person;
  readonly follower: Follower;
  readonly socket: Socket;
}

/** A Veche on such a server, with people in one room. */
class Scene {
  private constructor(
    readonly server: Server,
    readonly veche: Veche,
    readonly people: readonly Person[],
    readonly room: Room,
    readonly clients: readonly Client[],
  ) {}

  static async open<T extends Server>(server: T, settings: Settings): Promise<Scene & { server: T }> {
    const veche = await Veche.start(shape, settings);
    const people = await crowd(veche.doors, 4);
    const [first, ...others] = people as [Person, ...Person[]];
    const room = await first.createRoom('private', others);
    const clients = people.map((person, i) => {
      const { gateways } = veche.doors;
      const socket = new Socket(gateways[i % gateways.length]!, person.token);
      return { person, socket, follower: new Follower(socket) };
    });
    await Promise.all(clients.map((c) => c.socket.connect()));
    return new Scene(server, veche, people, room, clients) as Scene & { server: T };
  }

  async close(): Promise<void> {
    this.clients.forEach((c) => c.socket.close());
    await this.veche.stop();
    await this.veche.destroy();
    await this.server.close();
  }

  /** Everybody writes, without pause, through their own connection; each answer must come and be good. */
  writing() {
    const on = { now: true };
    const slowest = { ms: 0 };
    const count = { sent: 0 };
    const lanes = this.clients.map(async ({ socket }) => {
      while (on.now) {
        const from = performance.now();
        await socket.send(this.room.id, randomUUID(), randomUUID());
        slowest.ms = Math.max(slowest.ms, performance.now() - from);
        count.sent++;
        await pause(5);
      }
    });
    return {
      slowest,
      count,
      stop: async () => {
        on.now = false;
        await Promise.all(lanes);
      },
    };
  }
}

/** Replicas of auth that cannot hear of each other's ended sessions look for them every few seconds. */
const isOut = ({ rest }: Person): Promise<unknown> =>
  eventually(() =>
    rest.get('/users/me').then(
      () => false,
      (error: Refused) => error.code === 'session_ended',
    ),
  );

/** @param rounds how often the server goes away */
const holds = (scene: () => Scene, rounds: number): void => {
  test('requests go on, everybody gets everything, and afterwards nobody has missed anything', async () => {
    const { server, people, clients, room } = scene();
    for (let round = 0; round < rounds; round++) {
      const traffic = scene().writing();
      await eventually(() => traffic.count.sent > 40);
      await server.stop();

      // sends are answered, and so is everything else
      const before = traffic.count.sent;
      await eventually(() => traffic.count.sent > before + 100);
      const [olga, boris] = people as [Person, Person];
      await olga.rest.get('/rooms');
      await olga.rest.get(`/users/${boris.id}`);
      await olga.rest.patch('/users/me', { bio: `round ${round}` });
      expect(await boris.rest.get(`/users/${olga.id}`)).toMatchObject({ bio: `round ${round}` });
      const phone = await olga.anotherDevice();
      const made = await phone.createRoom('public');
      await phone.rest.post('/auth/logout');
      await isOut(phone);
      expect(await olga.log(made.id)).toHaveLength(1);

      // also what the other replica of chat has committed
      const { length } = await olga.log(room.id);
      for (const { follower } of clients) await follower.reaches(room.id, length, 30_000);
      await server.start();
      const after = traffic.count.sent;
      await eventually(() => traffic.count.sent > after + 40);
      await traffic.stop();

      const log = await olga.log(room.id);
      expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
      for (const { follower, socket } of clients) {
        await follower.reaches(room.id, log.length);
        expect(follower.log(room.id)).toEqual(log);
        expect(follower.faults).toEqual([]);
        expect(socket.disconnects).toEqual([]);
      }
      expect(traffic.slowest.ms).toBeLessThan(5_000);
    }
  });

  test('a session that is ended is ended everywhere', async () => {
    const { server, people, veche } = scene();
    const [person] = people as [Person];
    const phone = await person.anotherDevice();
    const sockets = await Promise.all(veche.doors.gateways.map((g) => phone.socket(g)));
    await server.stop();
    await person.rest.delete('/auth/sessions');
    await isOut(phone);
    await server.start();
    for (const socket of sockets) await socket.closed(15_000);
  });
};

// the embedded shape has no Redis to lose
(shape === 'embedded' ? describe.skip : describe)('while Redis is away', () => {
  let scene: Scene;
  beforeAll(async () => {
    const redis = await startRedis();
    scene = await Scene.open(redis, { redisUrl: redis.url });
  });
  afterAll(() => scene.close(), 30_000);
  holds(() => scene, 2);
});

const several = shape === 'micro' ? describeWithKafka : describe.skip;
several('with Kafka between replicas, and no Redis at all', () => {
  let scene: Scene & { server: Awaited<ReturnType<typeof startKafka>> };
  beforeAll(async () => {
    const kafka = await startKafka();
    scene = await Scene.open(kafka, { redisUrl: '', env: { KAFKA_BROKERS: kafka.broker } });
  }, 600_000);
  afterAll(() => scene.close(), 30_000);

  test('says what it is on, and that it is there', async () => {
    const { veche, server } = scene;
    for (const name of ['auth-2', 'chat-1'])
      expect(veche.process(name).output).toContain(`no cache, bus in Kafka at ${server.broker}`);
    for (const gateway of veche.doors.gateways)
      await eventually(async () => (await healthOf(gateway)).every(({ ok, detail }) => ok && !detail));
    // the first publication waits for its topic to be made
    const published = async (name: string): Promise<boolean> => {
      const metrics = await fetch(`http://${veche.doors.metrics[name]}/metrics`);
      return /^veche_bus_published_total\{result="ok"\} [1-9]/m.test(await metrics.text());
    };
    await eventually(async () => (await published('chat-1')) || (await published('chat-2')));
  });

  holds(() => scene, 1);

  test('is told of where one looks while it is away', async () => {
    const { veche, server } = scene;
    const [gateway = ''] = veche.doors.gateways;
    await server.stop();
    try {
      await eventually(async () => {
        const checks = await healthOf(gateway);
        return checks.every(({ ok, detail }) => ok && detail?.startsWith('bus: Kafka is out of reach'));
      });
    } finally {
      await server.start();
    }
  });

  test('whoever else reads the topic finds every entry in it, and reads it with the proto', async () => {
    const { server, people, room } = scene;
    const guide = readFileSync(join(ROOT, 'docs/operate/kafka.md'), 'utf8');
    const [, program = ''] = /```js\n(.*?)```/s.exec(guide) ?? [];
    const env = { ...process.env, KAFKA_BROKERS: server.broker };
    const follower = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT, env });
    let [output, errors] = ['', ''];
    follower.stdout.on('data', (chunk) => (output += String(chunk)));
    follower.stderr.on('data', (chunk) => (errors += String(chunk)));
    try {
      const [olga] = people as [Person];
      const last = await olga.rest.post<{ seq: number }>(`/rooms/${room.id}/messages`, {
        text: 'Привет, архив!',
        clientId: randomUUID(),
      });
      await eventually(() => output.includes(`${room.id} ${last.seq} messageCreated Привет, архив!`));
      const log = await olga.log(room.id);
      const followed = new Map(
        output
          .split('\n')
          .map((line) => line.split(' '))
          .filter(([roomId]) => roomId === room.id)
          .map(([, seq, ...what]) => [Number(seq), what.join(' ')]),
      );
      expect([...followed.keys()].sort((a, b) => a - b)).toEqual(log.map(({ seq }) => seq));
      for (const { seq, text } of log) if (text) expect(followed.get(seq)).toBe(`messageCreated ${text}`);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${errors}`, { cause: error });
    } finally {
      follower.kill();
    }
  });
});

interface Health {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

const healthOf = async (gateway: string): Promise<readonly Health[]> => {
  const answer = await fetch(`${gateway}/health/ready`);
  return ((await answer.json()) as { checks: Health[] }).checks;
};
