import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describeWithRedis, eventually, startRedis, type TestRedis } from '@veche/testing';
import fc from 'fast-check';
import { createClient } from 'redis';
import { setTimeout as pause } from 'node:timers/promises';
import { Bus, BusModule, type Receive } from '.';

describeWithRedis('a bus between processes', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  const open = async (database = 0, secret = 'a secret of this test') => {
    const url = `${redis.url}/${database}`;
    const module = await Test.createTestingModule({ imports: [BusModule.forRoot(url, secret)] }).compile();
    const bus = module.get(Bus);
    const heard: string[] = [];
    let gaps = 0;
    bus.gaps.subscribe(() => gaps++);
    return { bus, heard, gaps: () => gaps, close: () => module.close() };
  };
  const listen = ({ bus, heard }: Awaited<ReturnType<typeof open>>, topic: string) =>
    bus.subscribe({ name: topic }, (messages) => {
      for (const { value } of messages) heard.push(`${topic}: ${Buffer.from(value).toString()}`);
    });
  const said = (text: string) => [{ key: '', value: Buffer.from(text) }];
  const published = (bus: Bus, topic: string, text: string) =>
    eventually(() => bus.publish({ name: topic }, said(text)).then(() => true));
  /** Publishes until it is heard: both have their connections again at some time. */
  const reached = (bus: Bus, heard: readonly string[], topic: string, text: string) =>
    eventually(
      async () => {
        await bus.publish({ name: topic }, said(text));
        return heard.includes(`${topic}: ${text}`);
      },
      { within: 15_000 },
    );

  test('carries a topic to all who subscribe to it, and tells when they may have missed something', async () => {
    const [here, there] = [await open(), await open()];
    try {
      for (const one of [here, there]) listen(one, 'rooms');
      await eventually(() => here.gaps() > 0 && there.gaps() > 0);
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
    const client = await createClient({ url: redis.url }).connect();
    const [here, there] = [await open(), await open()];
    const heard: string[] = [];
    const take: Receive = (messages, from, span) =>
      heard.push(
        ...messages.map(({ key, value }) => `${from} ${span} ${key} ${Buffer.from(value).toString()}`),
      );
    const publish = (shard: number, text: string) => {
      const message = { key: `key ${shard}`, value: Buffer.from(text) };
      return here.bus.publish({ name: 'parts', shard }, [message], 'me', 'here');
    };
    try {
      await eventually(() => here.gaps() > 0 && there.gaps() > 0);
      const [one, same, two] = [1, 1, 2].map((shard) => there.bus.subscribe({ name: 'parts', shard }, take));
      await Promise.all([one?.effective, same?.effective, two?.effective]);
      for (const shard of [0, 1, 2]) await publish(shard, 'first');
      await eventually(() => heard.length === 2);
      one?.end();
      two?.end();
      const left = async () => (await client.pubSubChannels('*parts*')).length;
      await eventually(async () => (await left()) === 1);
      for (const shard of [2, 1]) await publish(shard, 'second');
      await eventually(() => heard.length === 3);
      same?.end();
      await eventually(async () => (await left()) === 0);
      expect(heard).toEqual(['me here key 1 first', 'me here key 2 first', 'me here key 1 second']);
    } finally {
      await Promise.all([client.disconnect(), here.close(), there.close()]);
    }
  });

  test('is not heard by another installation, which has another database of the same Redis', async () => {
    const [here, there, elsewhere] = [await open(), await open(), await open(1)];
    try {
      for (const one of [here, there, elsewhere]) listen(one, 'rooms');
      await eventually(() => [here, there, elsewhere].every((one) => one.gaps() > 0));
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
    const client = await createClient({ url: redis.url }).connect();
    const [here, there, stranger] = [await open(), await open(), await open(0, 'another secret')];
    try {
      for (const one of [here, there, stranger]) listen(one, 'rooms');
      listen(there, 'others');
      await eventually(() => [here, there, stranger].every((one) => one.gaps() > 0));
      await published(here.bus, 'rooms', 'first');
      await eventually(() => there.heard.length === 1);
      const gaps = there.gaps();

      // what was ours, on another channel
      const channels = await client.pubSubChannels('*');
      const [rooms = ''] = channels.filter((name) => name.endsWith('rooms'));
      const [others = ''] = channels.filter((name) => name.endsWith('others'));
      const moved = client.duplicate();
      await moved.connect();
      await moved.subscribe(
        rooms,
        (message) => void client.publish(others, message).catch(() => undefined),
        true,
      );
      await published(stranger.bus, 'rooms', 'of another secret');
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          for (const channel of channels) await client.publish(channel, Buffer.from(bytes));
        }),
      );
      await published(here.bus, 'rooms', 'last');
      await eventually(() => there.heard.length > 1);
      expect(there.heard).toEqual(['rooms: first', 'rooms: last']);
      // they could otherwise make every replica read the database again and again
      expect(there.gaps()).toBe(gaps);
      await moved.disconnect();
    } finally {
      await Promise.all([client.disconnect(), ...[here, there, stranger].map((one) => one.close())]);
    }
  });

  test('goes on when a subscriber cannot take a message, and says that something was missed', async () => {
    const one = await open();
    try {
      one.bus.subscribe({ name: 'rooms' }, () => {
        throw new RangeError('not understood');
      });
      listen(one, 'rooms');
      await eventually(() => one.gaps() > 0);
      const gaps = one.gaps();
      await published(one.bus, 'rooms', 'hello');
      await eventually(() => one.heard.length === 1);
      expect(one.gaps()).toBe(gaps + 1);
    } finally {
      await one.close();
    }
  });

  test('refuses to publish while Redis is away, and works again after, however often', async () => {
    await redis.stop();
    const [here, there] = [await open(), await open()];
    try {
      listen(there, 'rooms');
      await expect(here.bus.publish({ name: 'rooms' }, said('lost'))).rejects.toThrow();
      for (let round = 1; round <= 3; round++) {
        await redis.start();
        await reached(here.bus, there.heard, 'rooms', `${round}`);
        await redis.stop();
        await expect(here.bus.publish({ name: 'rooms' }, said('lost'))).rejects.toThrow();
      }
      expect(new Set(there.heard)).toEqual(new Set(['rooms: 1', 'rooms: 2', 'rooms: 3']));
    } finally {
      await Promise.all([here.close(), there.close()]);
    }
  }, 30_000);

  test('tells of a gap again and again while Redis is away, and then once', async () => {
    await redis.start();
    const one = await open();
    try {
      listen(one, 'rooms');
      await eventually(() => one.gaps() === 1);
      await redis.stop();
      await eventually(() => one.gaps() >= 3, { within: 10_000 });
      await redis.start();
      await reached(one.bus, one.heard, 'rooms', 'back');
      const gaps = one.gaps();
      // longer than the time between two of them
      await pause(2_500);
      expect(one.gaps()).toBe(gaps);
    } finally {
      await one.close();
      await redis.stop();
    }
  }, 30_000);

  test('notices a Redis that has fallen silent, and is whole again after', async () => {
    await redis.start();
    const [here, there] = [await open(), await open()];
    try {
      listen(there, 'rooms');
      await eventually(() => there.gaps() > 0);
      await published(here.bus, 'rooms', 'before');
      await eventually(() => there.heard.length === 1);
      const warned = jest.spyOn(Logger.prototype, 'warn');
      redis.freeze();
      const gaps = there.gaps();
      await expect(here.bus.publish({ name: 'rooms' }, said('unheard'))).rejects.toThrow('no answer');
      // two connections each
      await eventually(
        () => warned.mock.calls.filter(([text]) => `${text}`.includes('no answer')).length === 4,
        {
          within: 15_000,
        },
      );
      redis.thaw();
      await eventually(() => there.gaps() > gaps, { within: 15_000 });
      await reached(here.bus, there.heard, 'rooms', 'after');
    } finally {
      jest.restoreAllMocks();
      redis.thaw();
      await Promise.all([here.close(), there.close()]);
    }
  }, 40_000);
});
