import { Test } from '@nestjs/testing';
import { describeWithRedis, eventually, startRedis, type TestRedis } from '@veche/testing';
import fc from 'fast-check';
import { createClient } from 'redis';
import { Cache, CacheModule } from '.';

type Redis = Awaited<ReturnType<ReturnType<typeof createClient>['connect']>>;

const open = async (url: string | undefined, secret = 'a secret of this test', kafka?: string[]) => {
  const settings = { REDIS_URL: url, KAFKA_BROKERS: kafka };
  const module = await Test.createTestingModule({
    imports: [CacheModule.forRoot(settings, secret)],
  }).compile();
  return { cache: module.get(Cache), close: () => module.close() };
};
type Opened = Awaited<ReturnType<typeof open>>;

/** What is true, and how often it was asked for. */
class Truth {
  asked = 0;
  constructor(public value: unknown) {}
  readonly load = async (): Promise<unknown> => {
    this.asked++;
    return this.value;
  };
}

const MINUTE = 60_000;

const holds = (opened: () => Opened): void => {
  it('gives what it has, and loads what it has not', async () => {
    const { cache } = opened();
    const truth = new Truth({ at: '2026-01-02', list: [], nothing: null });
    for (let i = 0; i < 3; i++)
      await expect(cache.read('a', MINUTE, truth.load)).resolves.toEqual(truth.value);
    expect(truth.asked).toBe(1);
  });

  it('forgets after the time it was told', async () => {
    const { cache } = opened();
    const truth = new Truth('old');
    await cache.read('short', 50, truth.load);
    truth.value = 'new';
    await eventually(async () => (await cache.read('short', 50, truth.load)) === 'new');
  });

  it('keeps no absence', async () => {
    const { cache } = opened();
    const truth = new Truth(undefined);
    await cache.read('absent', MINUTE, truth.load);
    truth.value = 'there';
    await expect(cache.read('absent', MINUTE, truth.load)).resolves.toBe('there');
  });

  it('forgets what was changed, and nothing else', async () => {
    const { cache } = opened();
    const [changed, kept] = [new Truth(1), new Truth(1)];
    await cache.read('changed', MINUTE, changed.load);
    await cache.read('kept', MINUTE, kept.load);
    changed.value = 2;
    await cache.forget('changed', 'never there');
    await expect(cache.read('changed', MINUTE, changed.load)).resolves.toBe(2);
    await cache.read('kept', MINUTE, kept.load);
    expect(kept.asked).toBe(1);
  });

  it('does not keep what was read before a change and comes after it', async () => {
    const { cache } = opened();
    let finish: (value: unknown) => void = () => undefined;
    const late = cache.read('late', MINUTE, () => new Promise((resolve) => (finish = resolve)));
    await eventually(() => finish.length > 0);
    await cache.forget('late');
    finish('old');
    await expect(late).resolves.toBe('old');
    await expect(cache.read('late', MINUTE, async () => 'new')).resolves.toBe('new');
  });

  it('loads once, whatever else is forgotten meanwhile and however many ask', async () => {
    const { cache } = opened();
    const truth = new Truth(1);
    const load = async (): Promise<unknown> => {
      for (let i = 0; i < 5; i++) await cache.forget(`another ${i}`);
      return truth.load();
    };
    const all = await Promise.all(Array.from({ length: 20 }, () => cache.read('busy', MINUTE, load)));
    expect(new Set(all)).toEqual(new Set([1]));
    await cache.read('busy', MINUTE, load);
    expect(truth.asked).toBe(1);
  });

  it('gives nobody who asks after a change what was being loaded before it', async () => {
    const { cache } = opened();
    let finish: (value: unknown) => void = () => undefined;
    const early = cache.read('twice', MINUTE, () => new Promise((resolve) => (finish = resolve)));
    await eventually(() => finish.length > 0);
    await cache.forget('twice');
    await expect(cache.read('twice', MINUTE, async () => 'new')).resolves.toBe('new');
    finish('old');
    await expect(early).resolves.toBe('old');
    await expect(cache.read('twice', MINUTE, async () => 'newer')).resolves.toBe('new');
  });

  it('tells the reader why loading failed', async () => {
    const { cache } = opened();
    const failing = cache.read('failing', MINUTE, async () => {
      throw new TypeError('no such table');
    });
    await expect(failing).rejects.toThrow(TypeError);
  });
};

describe('a cache in memory', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open(undefined);
  });
  afterAll(() => opened.close());
  holds(() => opened);

  it('loads little again where one key more is asked for in turn than it holds', async () => {
    const { cache } = opened;
    let loads = 0;
    const round = async (): Promise<void> => {
      for (let i = 0; i < 50_001; i++) await cache.read(`in turn ${i}`, MINUTE, async () => ++loads);
    };
    await round();
    loads = 0;
    await round();
    expect(loads).toBeLessThan(200);
  });
});

it('keeps nothing where there are replicas and no Redis, and loads once for all who ask at the same moment', async () => {
  const { cache, close } = await open(undefined, undefined, ['127.0.0.1:9092']);
  const truth = new Truth(1);
  const all = await Promise.all(Array.from({ length: 20 }, () => cache.read('busy', MINUTE, truth.load)));
  expect(new Set(all)).toEqual(new Set([1]));
  expect(truth.asked).toBe(1);
  truth.value = 2;
  await expect(cache.read('busy', MINUTE, truth.load)).resolves.toBe(2);
  await cache.forget('busy');
  await close();
});

describeWithRedis('a cache in Redis', () => {
  let redis: TestRedis;
  let here: Opened;
  let there: Opened;
  /** Redis is there and answers. */
  const works = async ({ cache }: Opened): Promise<void> => {
    await eventually(async () => {
      const truth = new Truth(1);
      await cache.read('works', MINUTE, truth.load);
      await cache.read('works', MINUTE, truth.load);
      return truth.asked < 2;
    });
  };
  beforeAll(async () => {
    redis = await startRedis();
    [here, there] = [await open(redis.url), await open(redis.url)];
    await Promise.all([works(here), works(there)]);
  });
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await redis.close();
  });

  holds(() => here);

  it('is the same for every replica', async () => {
    const truth = new Truth('old');
    await here.cache.read('shared', MINUTE, truth.load);
    await there.cache.read('shared', MINUTE, truth.load);
    expect(truth.asked).toBe(1);
    truth.value = 'new';
    await there.cache.forget('shared');
    await expect(here.cache.read('shared', MINUTE, truth.load)).resolves.toBe('new');
  });

  it('forgets what another replica had read before the change and writes after it', async () => {
    let finish: (value: unknown) => void = () => undefined;
    const late = there.cache.read('raced', MINUTE, () => new Promise((resolve) => (finish = resolve)));
    await eventually(() => finish.length > 0);
    await here.cache.forget('raced');
    finish('old');
    await late;
    await eventually(async () => (await there.cache.read('raced', MINUTE, async () => 'new')) === 'new');
  });

  it.each([
    ['away', () => redis.stop(), () => redis.start()],
    ['silent', async () => redis.freeze(), async () => redis.thaw()],
  ])(
    'is an empty one while Redis is %s, and remembers what it has to forget',
    async (_, lose, find) => {
      const truth = new Truth('old');
      await here.cache.read('owed', MINUTE, truth.load);
      await lose();
      try {
        const started = performance.now();
        await expect(here.cache.read('other', MINUTE, async () => 'loaded')).resolves.toBe('loaded');
        truth.value = 'new';
        await here.cache.forget('owed');
        await expect(here.cache.read('owed', MINUTE, truth.load)).resolves.toBe('new');
        expect(performance.now() - started).toBeLessThan(4_000);
      } finally {
        await find();
      }
      await works(here);
      // Redis still has what it had before, until the removal that is owed has been made
      await expect(here.cache.read('owed', MINUTE, truth.load)).resolves.toBe('new');
      await works(there);
      await eventually(async () => (await there.cache.read('owed', MINUTE, truth.load)) === 'new');
      expect(truth.asked).toBeLessThan(10);
    },
    40_000,
  );

  it('believes nothing that anybody else has written into Redis', async () => {
    const client: Redis = await createClient({ url: redis.url }).connect();
    const other = await open(redis.url, 'a secret of another installation');
    try {
      await works(other);
      const names = ['an', 'admin', 'a user'];
      const truths = new Map(names.map((name) => [name, new Truth({ name })]));
      const read = (name: string, { cache } = here): Promise<unknown> =>
        cache.read(name, MINUTE, truths.get(name)!.load);
      const keyOf = async (name: string): Promise<string> => {
        const [key] = (await client.keys('*')).filter((k) => k.endsWith(`:${name}`));
        if (!key) throw new Error(`nothing is kept of ${name}`);
        return key;
      };
      for (const name of names) await read(name);
      const [mine, theirs] = [await keyOf('a user'), await keyOf('admin')];
      const written = (await client.get(mine)) ?? '';

      // under another key; by another installation; a flipped letter; nothing of ours
      const truth = truths.get('a user')!;
      await client.set(mine, (await client.get(theirs)) ?? '');
      expect(await read('a user')).toEqual({ name: 'a user' });
      await here.cache.forget('a user');
      await other.cache.read('a user', MINUTE, async () => ({ name: 'admin' }));
      expect(await read('a user')).toEqual({ name: 'a user' });
      for (const text of [
        written.replace(/(?<=value\\":\\")./, '_'),
        '',
        'null',
        '[]',
        '"x"',
        '{"value":{"name":"admin"}}',
      ]) {
        await client.set(mine, text);
        const asked = truth.asked;
        expect([text, await read('a user'), truth.asked - asked]).toEqual([text, { name: 'a user' }, 1]);
      }
      await client.del(mine);
      await client.lPush(mine, 'a list');
      expect(await read('a user')).toEqual({ name: 'a user' });

      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.json(), async (bytes, json) => {
          for (const garbage of [Buffer.from(bytes), json, JSON.stringify({ value: json })]) {
            for (const key of await client.keys('*')) await client.set(key, garbage);
            for (const name of names) expect(await read(name)).toEqual({ name });
          }
        }),
        { numRuns: 50 },
      );
    } finally {
      await other.close();
      await client.disconnect();
    }
  });

  it('does not believe what has ended, though somebody keeps it and puts it back', async () => {
    const client: Redis = await createClient({ url: redis.url }).connect();
    try {
      await here.cache.read('put back', 300, async () => 'old');
      const [key = ''] = (await client.keys('*')).filter((k) => k.endsWith(':put back'));
      const written = (await client.get(key)) ?? '';
      const forged = written.replace(/"expires":\d+/, '"expires":9999999999999');
      await eventually(async () => (await client.get(key)) === null);
      await client.set(key, forged);
      await expect(here.cache.read('put back', MINUTE, async () => 'new')).resolves.toBe('new');
    } finally {
      await client.disconnect();
    }
  });

  it('starts without Redis, and uses it once it is there', async () => {
    await redis.stop();
    const early = await open(redis.url);
    try {
      await expect(early.cache.read('early', MINUTE, async () => 'loaded')).resolves.toBe('loaded');
      await redis.start();
      await works(early);
    } finally {
      await early.close();
    }
  });
});
