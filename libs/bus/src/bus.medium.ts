import { Test } from '@nestjs/testing';
import { Admin, Consumer, Producer } from '@platformatic/kafka';
import { registry } from '@veche/metrics';
import { describeWithKafka, describeWithRedis, eventually, startKafka, startRedis } from '@veche/testing';
import fc from 'fast-check';
import { createClient } from 'redis';
import { setTimeout as pause } from 'node:timers/promises';
import { Bus, BusModule, lookAtKafka, type Message, type Receive } from '.';

const SECRET = 'a secret of this test';
/** Kafka's own name of a topic of ours. */
const topicOf = (name: string): string => `veche.${name}`;
const KAFKA = { KAFKA_TOPIC_PREFIX: 'veche', KAFKA_PARTITIONS: 4, KAFKA_TLS: false };

/** What the bus travels by, and what a stranger can do to it. */
interface Server {
  stop(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
  /** How a process of an installation finds it. */
  readonly settings: (installation: number) => Parameters<typeof BusModule.forRoot>[0];
  stranger(): Promise<Stranger>;
}

interface Stranger {
  /** Says on one topic what was said on another, from now until it is told to stop. */
  echo(from: string, to: string): Promise<{ stop(): Promise<void> }>;
  write(topic: string, bytes: Uint8Array): Promise<void>;
  /** How many channels somebody listens to, where the server knows. */
  readonly heard?: (name: string) => Promise<number>;
  close(): Promise<void>;
}

const overRedis = async (): Promise<Server> => {
  const redis = await startRedis();
  const stranger = async (): Promise<Stranger> => {
    const client = await createClient({ url: redis.url }).connect();
    const channel = (name: string): string => `veche:bus:0:${name}`;
    return {
      echo: async (from, to) => {
        const moved = await client.duplicate().connect();
        const say = (message: Buffer): unknown => client.publish(channel(to), message).catch(() => undefined);
        await moved.subscribe(channel(from), say, true);
        return { stop: () => moved.disconnect() };
      },
      write: async (topic, bytes) => void (await client.publish(channel(topic), Buffer.from(bytes))),
      heard: async (name) => (await client.pubSubChannels(`*${name}*`)).length,
      close: () => client.disconnect(),
    };
  };
  const settings: Server['settings'] = (n) => ({ ...KAFKA, REDIS_URL: `${redis.url}/${n}` });
  return { ...redis, settings, stranger };
};

const overKafka = async () => {
  const kafka = await startKafka();
  const client = { clientId: 'stranger', bootstrapBrokers: [kafka.broker] };
  /** All records that there are, by their order in each partition. */
  const records = async (name: string) => {
    const consumer = new Consumer({ ...client, groupId: 'stranger' });
    const topic = topicOf(name);
    const ends = (await consumer.listOffsets({ topics: [topic] })).get(topic) ?? [];
    const found: { key: Buffer; value: Buffer; headers: Map<Buffer, Buffer>; partition: number }[] = [];
    if (ends.some((end) => end > 0n)) {
      const offsets = ends.map((_, partition) => ({ topic, partition, offset: 0n }));
      const stream = await consumer.consume({ topics: [topic], mode: 'manual', offsets });
      const count = Number(ends.reduce((sum, end) => sum + end, 0n));
      for await (const record of stream) if (found.push(record) === count) break;
      await stream.close();
    }
    await consumer.close();
    return found;
  };
  const stranger = async (): Promise<Stranger> => {
    const producer = new Producer(client);
    return {
      echo: async (from, to) => ({
        stop: async () => {
          const messages = (await records(from)).map((record) => ({
            key: record.key,
            value: record.value,
            headers: record.headers,
            topic: topicOf(to),
            partition: 0,
          }));
          await producer.send({ messages, acks: 1 });
        },
      }),
      write: async (topic, bytes) => {
        const value = Buffer.from(bytes);
        const headers = new Map([
          ['seal', 'from', 'shard'].map((name) => [Buffer.from(name), value] as const)[0]!,
        ]);
        const messages = [{ value }, { key: value, value, headers }].map((one) => ({
          ...one,
          topic: topicOf(topic),
          partition: 0,
        }));
        await producer.send({ messages, acks: 1 });
      },
      close: () => producer.close(),
    };
  };
  const settings: Server['settings'] = (n) => ({
    ...KAFKA,
    KAFKA_BROKERS: [kafka.broker],
    ...(n > 0 ? { KAFKA_TOPIC_PREFIX: `veche${n}` } : {}),
  });
  return { ...kafka, settings, stranger, records, client };
};

const said = (text: string, key = ''): Message[] => [{ key, value: Buffer.from(text) }];
const text = ({ value }: Message): string => Buffer.from(value).toString();

const open = async (server: Server, { installation = 0, secret = SECRET } = {}) => {
  const imports = [BusModule.forRoot(server.settings(installation), secret)];
  const module = await Test.createTestingModule({ imports }).compile();
  const bus = module.get(Bus);
  const heard: string[] = [];
  let gaps = 0;
  bus.gaps.subscribe(() => gaps++);
  return { bus, heard, gaps: () => gaps, close: () => module.close() };
};
type Opened = Awaited<ReturnType<typeof open>>;

const listen = ({ bus, heard }: Opened, topic: string) =>
  bus.subscribe({ name: topic }, (messages) =>
    heard.push(...messages.map((one) => `${topic}: ${text(one)}`)),
  );
const published = (bus: Bus, topic: string, words: string) =>
  eventually(() => bus.publish({ name: topic }, said(words)).then(() => true));
/** Publishes until it is heard: both have their connections again at some time. */
const reached = (bus: Bus, heard: readonly string[], topic: string, words: string) =>
  eventually(async () => {
    await bus.publish({ name: topic }, said(words));
    return heard.includes(`${topic}: ${words}`);
  });
const whole = (...all: Opened[]) => eventually(() => all.every((one) => one.gaps() > 0));

/**
 * What holds whatever the bus travels by.
 * @param times that the server goes away and comes back
 */
const carries = (server: () => Server, times: number): void => {
  test('carries a topic to all who subscribe to it, and tells when they may have missed something', async () => {
    const [here, there] = [await open(server()), await open(server())];
    try {
      for (const one of [here, there]) listen(one, 'rooms');
      await whole(here, there);
      await published(here.bus, 'rooms', 'hello');
      await published(here.bus, 'others', 'unheard');
      await eventually(() => here.heard.length === 1 && there.heard.length === 1);
      // who comes late knows from when on nothing is missed, and nobody else is bothered
      const gaps = there.gaps();
      await listen(there, 'others').effective;
      await here.bus.publish({ name: 'others' }, said('heard'));
      await eventually(() => there.heard.at(-1) === 'others: heard');
      expect(there.gaps()).toBe(gaps);
      expect(there.heard).toEqual(['rooms: hello', 'others: heard']);
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });

  test('brings of a topic the parts that somebody listens to, as long as they do', async () => {
    const stranger = await server().stranger();
    const [here, there] = [await open(server()), await open(server())];
    const heard: string[] = [];
    const take: Receive = (messages, from, traceparent) =>
      heard.push(...messages.map((one) => `${from} ${traceparent} ${one.key} ${text(one)}`));
    const publish = (shard: number, words: string) =>
      here.bus.publish({ name: 'parts', shard }, said(words, `key ${shard}`), 'me', `in ${words}`);
    try {
      await whole(here, there);
      const [one, same, two] = [1, 1, 6].map((shard) => there.bus.subscribe({ name: 'parts', shard }, take));
      await Promise.all([one?.effective, same?.effective, two?.effective]);
      for (const shard of [0, 1, 2, 6]) await publish(shard, 'first');
      await eventually(() => heard.length === 2);
      one?.end();
      two?.end();
      if (stranger.heard) await eventually(async () => (await stranger.heard?.('parts')) === 1);
      for (const shard of [6, 1]) await publish(shard, 'second');
      await eventually(() => heard.length === 3);
      same?.end();
      if (stranger.heard) await eventually(async () => (await stranger.heard?.('parts')) === 0);
      expect(heard.sort()).toEqual([
        'me in first key 1 first',
        'me in first key 6 first',
        'me in second key 1 second',
      ]);
    } finally {
      await Promise.all([stranger.close(), here.close(), there.close()]);
    }
  });

  test('is not heard by another installation on the same server', async () => {
    const [here, there, elsewhere] = [
      await open(server()),
      await open(server()),
      await open(server(), { installation: 1 }),
    ];
    try {
      for (const one of [here, there, elsewhere]) listen(one, 'rooms');
      await whole(here, there, elsewhere);
      await published(elsewhere.bus, 'rooms', 'theirs');
      await eventually(() => elsewhere.heard.length === 1);
      await published(here.bus, 'rooms', 'ours');
      await eventually(() => there.heard.length === 1);
      expect([there.heard, elsewhere.heard]).toEqual([['rooms: ours'], ['rooms: theirs']]);
    } finally {
      await Promise.all([here, there, elsewhere].map((one) => one.close()));
    }
  });

  test('hears nothing that anybody else publishes, and goes on', async () => {
    const stranger = await server().stranger();
    const [here, there] = [await open(server()), await open(server())];
    const other = await open(server(), { secret: 'another secret' });
    try {
      for (const one of [here, there, other]) listen(one, 'rooms');
      listen(there, 'others');
      await whole(here, there, other);
      await published(here.bus, 'rooms', 'first');
      await published(here.bus, 'others', 'first');
      await eventually(() => there.heard.length === 2);
      const gaps = there.gaps();

      // what was ours, on another topic
      const echo = await stranger.echo('rooms', 'others');
      await published(other.bus, 'rooms', 'of another secret');
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          for (const topic of ['rooms', 'others']) await stranger.write(topic, bytes);
        }),
      );
      await echo.stop();
      for (const topic of ['rooms', 'others']) await published(here.bus, topic, 'last');
      await eventually(() => there.heard.length > 3);
      expect([...there.heard].sort()).toEqual([
        'others: first',
        'others: last',
        'rooms: first',
        'rooms: last',
      ]);
      // they could otherwise make every replica read the database again and again
      expect(there.gaps()).toBe(gaps);
    } finally {
      await Promise.all([stranger, here, there, other].map((one) => one.close()));
    }
  });

  test('goes on when a subscriber cannot take a message, and says that something was missed', async () => {
    const one = await open(server());
    try {
      one.bus.subscribe({ name: 'rooms' }, () => {
        throw new RangeError('not understood');
      });
      listen(one, 'rooms');
      await whole(one);
      const gaps = one.gaps();
      await published(one.bus, 'rooms', 'hello');
      await eventually(() => one.heard.length === 1);
      expect(one.gaps()).toBe(gaps + 1);
    } finally {
      await one.close();
    }
  });

  test('notices a server that has fallen silent, and is whole again after', async () => {
    const [here, there] = [await open(server()), await open(server())];
    try {
      listen(there, 'rooms');
      await whole(here, there);
      await published(here.bus, 'rooms', 'before');
      await eventually(() => there.heard.length === 1);
      const gaps = [here.gaps(), there.gaps()] as const;
      server().freeze();
      await expect(here.bus.publish({ name: 'rooms' }, said('unheard'))).rejects.toThrow();
      await eventually(() => here.gaps() > gaps[0] + 1 && there.gaps() > gaps[1] + 1);
      server().thaw();
      await reached(here.bus, there.heard, 'rooms', 'after');
    } finally {
      server().thaw();
      await Promise.all([here.close(), there.close()]);
    }
  });

  test('refuses to publish while its server is away, tells of a gap again and again, and then once', async () => {
    await server().stop();
    const [here, there] = [await open(server()), await open(server())];
    try {
      listen(there, 'rooms');
      await expect(here.bus.publish({ name: 'rooms' }, said('lost'))).rejects.toThrow();
      for (let round = 1; round <= times; round++) {
        const gaps = there.gaps();
        await eventually(() => there.gaps() > gaps + 1);
        await expect(there.bus.assertConnected()).rejects.toThrow('out of reach');
        await server().start();
        await reached(here.bus, there.heard, 'rooms', `${round}`);
        await there.bus.assertConnected();
        const back = there.gaps();
        // longer than the time between two of them
        await pause(2_500);
        expect(there.gaps()).toBe(back);
        if (round === times) break;
        await server().stop();
        await expect(here.bus.publish({ name: 'rooms' }, said('lost'))).rejects.toThrow();
      }
      expect(new Set(there.heard).size).toBe(times);
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });
};

describeWithRedis('a bus between processes over Redis', () => {
  let server: Server;
  beforeAll(async () => {
    server = await overRedis();
  });
  afterAll(() => server.close());
  carries(() => server, 3);
});

describeWithKafka('a bus between processes over Kafka', () => {
  let server: Awaited<ReturnType<typeof overKafka>>;
  beforeAll(async () => {
    server = await overKafka();
  }, 600_000);
  afterAll(() => server.close());
  // a broker takes long to start, and the next test stops it too
  carries(() => server, 1);

  const behind = async (): Promise<number | undefined> =>
    (await registry.getSingleMetric('veche_bus_behind_messages')?.get())?.values[0]?.value;

  const SHARDS = 8;
  /** Publishes numbers in each part, one call after the other, until it is told to stop. */
  const counting = ({ bus }: Opened, name: string) => {
    const counts = Array.from({ length: SHARDS }, () => 0);
    let on = true;
    const done = Promise.all(
      counts.map(async (_, shard) => {
        while (on) {
          const number = counts[shard]!;
          await bus
            .publish({ name, shard }, said(`${number}`, `room ${shard}`))
            .then(() => counts[shard]!++)
            // it may have arrived nevertheless, and is said again
            .catch(() => pause(20));
          await pause(1);
        }
      }),
    );
    return { counts, stop: async () => ((on = false), await done) };
  };
  const hearing = ({ bus }: Opened, name: string) => {
    const heard = Array.from({ length: SHARDS }, () => [] as number[]);
    const subscriptions = heard.map((numbers, shard) =>
      bus.subscribe({ name, shard }, (messages) => numbers.push(...messages.map((one) => Number(text(one))))),
    );
    return { heard, effective: Promise.all(subscriptions.map((one) => one.effective)) };
  };
  /** Each number of each part, in order, where one may be repeated. */
  const isAll = (heard: readonly number[][], counts: readonly number[]): boolean =>
    heard.every(
      (numbers, shard) =>
        new Set(numbers).size === counts[shard] && numbers.every((n, i) => n - (numbers[i - 1] ?? 0) <= 1),
    );

  test('tells all that it took, in the order of each part, though its server is killed', async () => {
    const [here, there] = [await open(server), await open(server)];
    try {
      await whole(here, there);
      const { heard, effective } = hearing(there, 'killed');
      await effective;
      const { counts, stop } = counting(here, 'killed');
      await eventually(() => counts.every((count) => count > 20));
      await eventually(async () => (await behind()) === 0);
      await server.stop();
      // nobody knows
      await eventually(async () => Number.isNaN(await behind()));
      await server.start();
      const before = [...counts];
      await eventually(() => counts.every((count, i) => count > before[i]! + 20));
      await stop();
      await eventually(() => isAll(heard, counts));
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });

  test('goes on when a topic gets more partitions', async () => {
    const [here, there] = [await open(server), await open(server)];
    const admin = new Admin(server.client);
    try {
      await whole(here, there);
      const { heard, effective } = hearing(there, 'grown');
      await effective;
      const { counts, stop } = counting(here, 'grown');
      await eventually(() => counts.every((count) => count > 20));
      const gaps = there.gaps();
      await admin.createPartitions({ topics: [{ name: topicOf('grown'), count: 7 }] });
      await eventually(async () => (await server.records('grown')).some(({ partition }) => partition > 3));
      await stop();
      await eventually(() => heard.every((numbers, i) => new Set(numbers).size === counts[i]));
      expect(there.gaps()).toBe(gaps);
      // who comes now hears them where they are now, and nothing of before
      const late = await open(server);
      const { heard: heardLate, effective: effectiveLate } = hearing(late, 'grown');
      await whole(late);
      await effectiveLate;
      await here.bus.publish({ name: 'grown', shard: 6 }, said('1000000'));
      await eventually(() => heardLate[6]?.length === 1);
      expect(heardLate.flat()).toEqual([1_000_000]);
      await late.close();
    } finally {
      await Promise.all([here.close(), there.close(), admin.close()]);
    }
  });

  test('brings what has piled up, and repeats what is repeated', async () => {
    const [here, there] = [await open(server), await open(server)];
    try {
      await whole(here, there);
      const { heard, effective } = hearing(there, 'piled');
      await effective;
      const value = (n: number): Message => ({
        key: 'room',
        value: Buffer.from(`${n}`.padStart(2_000, '0')),
      });
      // more than goes in one request, or comes in one
      const many = Array.from({ length: 4_000 }, (_, n) => value(n));
      await Promise.all([0, 4].map((shard) => here.bus.publish({ name: 'piled', shard }, many)));
      await here.bus.publish({ name: 'piled', shard: 4 }, [value(3_999)]);
      await eventually(() => heard[0]?.length === 4_000 && heard[4]?.length === 4_001);
      for (const shard of [0, 4])
        expect(heard[shard]?.slice(0, 4_000)).toEqual(Array.from({ length: 4_000 }, (_, n) => n));
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  });

  test('is seen from outside by its topics', async () => {
    const one = await open(server);
    listen(one, 'rooms');
    try {
      await whole(one);
      const { brokers, topics } = await lookAtKafka(
        { ...server.settings(0), KAFKA_BROKERS: [server.broker] },
        5_000,
      );
      expect(brokers).toBe(1);
      expect(topics).toContain('veche.rooms (partitions: 1)');
    } finally {
      await one.close();
    }
  });

  test('leaves key and value to others as they are, each key in one partition', async () => {
    const one = await open(server);
    try {
      await whole(one);
      for (const shard of [0, 1, 4, 5])
        await one.bus.publish({ name: 'fed', shard }, said(`of ${shard}`, `room ${shard}`), 'me');
      const found = await server.records('fed');
      expect(
        found.map(({ key, value, partition }) => `${partition} ${key.toString()} ${value.toString()}`).sort(),
      ).toEqual(['0 room 0 of 0', '0 room 4 of 4', '1 room 1 of 1', '1 room 5 of 5']);
    } finally {
      await one.close();
    }
  });
});
