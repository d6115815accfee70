import { eventually, startRedis, type TestRedis } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Follower } from '../harness/follower';
import { crowd, type Person } from '../harness/people';
import type { Refused } from '../harness/rest';
import { Socket } from '../harness/socket';
import { shapeOfRun, Veche } from '../harness/veche';
import type { Room } from '../harness/wire';

const shape = shapeOfRun();

// the embedded shape has no Redis to lose
(shape === 'embedded' ? describe.skip : describe)('while Redis is away', () => {
  let redis: TestRedis, veche: Veche, people: Person[], room: Room;
  let clients: { person: Person; follower: Follower; socket: Socket }[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    veche = await Veche.start(shape, { redisUrl: redis.url });
    people = await crowd(veche.doors, 4);
    const [first, ...others] = people as [Person, ...Person[]];
    room = await first.createRoom('private', others);
    clients = people.map((person, i) => {
      const { gateways } = veche.doors;
      const socket = new Socket(gateways[i % gateways.length]!, person.token);
      return { person, socket, follower: new Follower(socket) };
    });
    await Promise.all(clients.map((c) => c.socket.connect()));
  }, 90_000);
  afterAll(async () => {
    clients.forEach((c) => c.socket.close());
    await veche.stop();
    await veche.destroy();
    await redis.close();
  }, 30_000);

  /** Replicas of auth that cannot hear of each other's ended sessions look for them every few seconds. */
  const isOut = ({ rest }: Person): Promise<unknown> =>
    eventually(
      () =>
        rest.get('/users/me').then(
          () => false,
          (error: Refused) => error.code === 'session_ended',
        ),
      { within: 10_000 },
    );

  /** Everybody writes, without pause, through their own connection; each answer must come and be good. */
  const writing = () => {
    const on = { now: true };
    const slowest = { ms: 0 };
    const count = { sent: 0 };
    const lanes = clients.map(async ({ socket }) => {
      while (on.now) {
        const from = performance.now();
        await socket.send(room.id, randomUUID(), randomUUID());
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
  };

  test('requests go on, everybody gets everything, and afterwards nobody has missed anything', async () => {
    for (let round = 0; round < 2; round++) {
      const traffic = writing();
      await eventually(() => traffic.count.sent > 40);
      await redis.stop();

      // sends are answered, and so is everything else
      const before = traffic.count.sent;
      await eventually(() => traffic.count.sent > before + 100, { within: 20_000 });
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
      await redis.start();
      const after = traffic.count.sent;
      await eventually(() => traffic.count.sent > after + 40, { within: 20_000 });
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
  }, 120_000);

  test('a session that is ended is ended everywhere', async () => {
    const [person] = people as [Person];
    const phone = await person.anotherDevice();
    const sockets = await Promise.all(veche.doors.gateways.map((g) => phone.socket(g)));
    await redis.stop();
    await person.rest.delete('/auth/sessions');
    await isOut(phone);
    await redis.start();
    for (const socket of sockets) await socket.closed(15_000);
  }, 60_000);
});
