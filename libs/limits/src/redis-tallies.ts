import { answeredWithin, type RedisConnection, type Seal } from '@veche/redis';
import type { Spent } from './budget.rules';
import type { SharedTallies } from './budgets';

/** Kept apart from whatever else lives in the same Redis. */
const PREFIX = 'veche:limit:';
/** Longer is nobody's login to wait for it. */
const ANSWER_MS = 500;

const REPLACE = `
local is = redis.call('GET', KEYS[1])
if (is or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** Tallies in Redis, sealed: who can write there can make them forgotten, and shut nobody out. */
export class RedisTallies implements SharedTallies {
  constructor(
    private readonly redis: RedisConnection,
    private readonly seal: Seal,
  ) {}

  async read(key: string): Promise<{ spent: Spent | undefined; was: string | null }> {
    const was = await answeredWithin(ANSWER_MS, this.redis.client.get(PREFIX + key));
    const content = was === null ? undefined : this.seal.open(key, Buffer.from(was, 'base64'));
    return { spent: content && Number(Buffer.from(content).toString()), was };
  }

  async replace(key: string, was: string | null, spent: Spent, ttlMs: number): Promise<boolean> {
    const sealed = this.seal.put(key, Buffer.from(String(spent))).toString('base64');
    const replaced = await answeredWithin(
      ANSWER_MS,
      this.redis.client.eval(REPLACE, {
        keys: [PREFIX + key],
        arguments: [was ?? '', sealed, String(Math.ceil(ttlMs))],
      }),
    );
    return replaced === 1;
  }
}
