import { Logger } from '@nestjs/common';
import { createClient } from 'redis';
import { answeredWithin } from './answered-within';

type Client = ReturnType<typeof createClient>;

const PING_MS = 2_000;
const CONNECT_MS = 2_000;
const MAX_BACKOFF_MS = 1_000;
/** Commands that may be on their way at one time: they must not pile up before a Redis that is slow. */
const MAX_UNANSWERED = 10_000;

/**
 * A connection to Redis that comes back by itself. It can be used at once, ready or not: while it is not, each
 * command is rejected. A Redis that has fallen silent is left, and connected to anew, within seconds.
 */
export class RedisConnection {
  readonly client: Client;
  private readonly log: Logger;
  private readonly watch: NodeJS.Timeout;
  private pinging = false;

  /** @param purpose names it in the log */
  constructor(url: string, purpose: string) {
    this.log = new Logger(purpose);
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_UNANSWERED,
      socket: {
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, MAX_BACKOFF_MS),
      },
    });
    // without a listener a lost connection would end the process
    this.client.on('error', (error: Error) => this.log.warn(`Redis: ${error.message}`));
    this.client.connect().catch(() => undefined);
    this.watch = setInterval(() => void this.ping(), PING_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    if (this.client.isOpen) await this.client.disconnect();
  }

  private async ping(): Promise<void> {
    if (!this.client.isReady || this.pinging) return;
    this.pinging = true;
    try {
      await answeredWithin(PING_MS, this.client.ping());
    } catch (error) {
      // a connection that was lost knows so itself
      if (!this.client.isReady) return;
      this.log.warn(`Redis: ${(error as Error).message}`);
      await this.client.disconnect();
      this.client.connect().catch(() => undefined);
    } finally {
      this.pinging = false;
    }
  }
}
