import { Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';

/** Nobody there yet, no name for it yet, or a server that says itself that it is starting (cannot_connect_now). */
const COMES_UP = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P03)/;
/** What `pg` says about an end without a code. */
const NO_ANSWER = /timeout|Connection terminated/;
const PAUSE_MS = 500;

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? '';

const placeOf = (url: string): string => {
  const { host, pathname } = new URL(url);
  return `PostgreSQL at ${host}${pathname}`;
};

/**
 * Makes the first connection to a server, and waits for one that is still starting: services and their database are
 * often started together.
 * @param patienceMs how long it is waited for
 * @throws Error that names the place, where it does not answer in time or wants nothing to do with us
 */
export const firstConnection = async (
  url: string,
  connect: () => Promise<void>,
  patienceMs: number,
): Promise<void> => {
  const log = new Logger('Database');
  const until = performance.now() + patienceMs;
  for (let waiting = false; ; waiting = true) {
    try {
      await connect();
      if (waiting) log.log(`${placeOf(url)} is there`);
      return;
    } catch (cause) {
      const why = codeOf(cause) || (cause as Error).message;
      const mayComeUp = COMES_UP.test(why) || NO_ANSWER.test(why);
      if (!mayComeUp) throw new Error(`${placeOf(url)}: ${(cause as Error).message}`, { cause });
      if (performance.now() >= until)
        throw new Error(`${placeOf(url)} was not there within ${patienceMs / 1000} s: ${why}`, { cause });
      if (!waiting) log.warn(`waiting for ${placeOf(url)}: ${why}`);
    }
    await pause(PAUSE_MS);
  }
};
