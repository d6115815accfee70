import { JwtService } from '@nestjs/jwt';
import { hash } from '@node-rs/argon2';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { inTurns } from '../harness/waiting';
import { Histogram } from './histogram';
import type { VecheTarget } from './targets';

export interface LoginFigures {
  readonly loginsPerSecond: number;
  /** As many hashes of the same parameters at once, and nothing else. */
  readonly hashesPerSecond: number;
  /** Median milliseconds of a call with a token that the server has not seen before, and of the same call again. */
  readonly firstCall: number;
  readonly nextCall: number;
  /** Verifying one such token's signature, and nothing else. */
  readonly signature: number;
}

const LOGINS = 120;
const LANES = 4;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

const median = (times: readonly number[]): number => {
  const all = new Histogram();
  for (const time of times) all.add(time);
  return all.quantile(0.5);
};

const signatureMs = (): number => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  const jwt = new JwtService({ privateKey: privatePem, publicKey: publicPem });
  const token = jwt.sign({ sub: 'somebody', sid: 'a session' }, { algorithm: 'RS256', expiresIn: 900 });
  const times = Array.from({ length: 1_000 }, () => {
    const from = performance.now();
    jwt.verify(token, { algorithms: ['RS256'] });
    return performance.now() - from;
  });
  return median(times.slice(200));
};

/** What logging in costs beside the hash that makes it slow on purpose, and a token beside its signature. */
export const logins = async (target: VecheTarget): Promise<LoginFigures> => {
  const people = (await target.atLeast(LOGINS)).slice(0, LOGINS);
  // the parameters of apps/auth/src/accounts/passwords.ts
  const parameters = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
  const hashing = await timed(() => inTurns(people, LANES, () => hash('a password of somebody', parameters)));
  const fresh: Awaited<ReturnType<(typeof people)[number]['anotherDevice']>>[] = [];
  const loggingIn = await timed(async () => {
    fresh.push(...(await inTurns(people, LANES, (person) => person.anotherDevice())));
  });
  const calls = async (): Promise<number[]> => {
    const times: number[] = [];
    for (const { rest } of fresh) times.push(await timed(() => rest.get('/users/me')));
    return times;
  };
  return {
    hashesPerSecond: (LOGINS / hashing) * 1000,
    loginsPerSecond: (LOGINS / loggingIn) * 1000,
    firstCall: median(await calls()),
    nextCall: median(await calls()),
    signature: signatureMs(),
  };
};
