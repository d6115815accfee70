import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';
import { Subject } from 'rxjs';
import { Bus } from './bus';

type Client = ReturnType<typeof createClient>;
type Receive = (message: Uint8Array) => void;

const PREFIX = 'veche:bus:';

/** Redis publish/subscribe: at most once, so each return of the subscribing connection is a gap. */
export class RedisBus extends Bus implements OnApplicationShutdown {
  readonly gaps = new Subject<void>();
  private readonly log = new Logger('Bus');
  private readonly receivers = new Map<string, Set<Receive>>();

  private constructor(
    private readonly publisher: Client,
    private readonly subscriber: Client,
  ) {
    super();
  }

  /** Answers at once; the bus works from the moment when Redis is there. */
  static open(url: string): RedisBus {
    const options = {
      url,
      // a publish while Redis is away must fail, not wait in memory
      disableOfflineQueue: true,
      pingInterval: 5_000,
      socket: {
        connectTimeout: 2_000,
        reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1_000),
      },
    };
    const publisher = createClient(options);
    const subscriber = createClient({ ...options, disableOfflineQueue: false });
    const bus = new RedisBus(publisher, subscriber);
    for (const client of [publisher, subscriber]) {
      // without a listener a lost connection would end the process
      client.on('error', (error: Error) => bus.log.warn(`Redis: ${error.message}`));
      client.connect().catch(() => undefined);
    }
    // the client has subscribed again by the time it is ready
    subscriber.on('ready', () => bus.gaps.next());
    return bus;
  }

  async publish(topic: string, message: Uint8Array): Promise<void> {
    await this.publisher.publish(
      PREFIX + topic,
      Buffer.from(message.buffer, message.byteOffset, message.byteLength),
    );
  }

  subscribe(topic: string, receive: Receive): () => void {
    let receivers = this.receivers.get(topic);
    if (!receivers) {
      const all = new Set<Receive>();
      this.receivers.set(topic, (receivers = all));
      const deliver = (message: Buffer): void => all.forEach((r) => r(message));
      this.subscriber
        .subscribe(PREFIX + topic, deliver, true)
        // what was published before this moment did not arrive here
        .then(() => this.gaps.next())
        .catch((error: Error) => this.log.error(error.message));
    }
    const own = receivers.add(receive);
    return () => own.delete(receive);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled([this.publisher.disconnect(), this.subscriber.disconnect()]);
  }
}
