import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DELIVERY } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { backoffMs } from '@veche/feed';
import { secondsSince } from '@veche/metrics';
import type { Client } from '@veche/rpc';
import { tracer } from '@veche/telemetry';
import { concat, defer, retry, type Subscription, throwError, timer } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { FanOut } from './fan-out.service';
import { Interest } from './interest';
import { deliverySeconds, fanOutSeconds, streamsLost } from './socket.metrics';

/**
 * Listens to chat for this process. A stream that ends is begun anew, with another replica where there is one, and is
 * told everything that this process serves: by the answers the fan-out finds what it has missed.
 */
@Injectable()
export class DeliveryListener implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Sockets');
  private listening?: Subscription;

  constructor(
    @Inject(DELIVERY.token) private readonly delivery: Client<typeof DELIVERY.definition>,
    private readonly fanOut: FanOut,
    private readonly interest: Interest,
  ) {}

  onApplicationBootstrap(): void {
    this.listening = concat(
      defer(() => this.delivery.subscribe(this.interest.requests(), { requestId: uuid() })),
      throwError(() => new AppError('unavailable')),
    )
      .pipe(
        retry({
          resetOnSuccess: true,
          delay: (error: unknown, failures) => {
            streamsLost.inc();
            if (failures === 1) this.log.warn(`lost the stream of chat, trying again: ${String(error)}`);
            return timer(backoffMs(failures));
          },
        }),
      )
      .subscribe((message) => {
        const began = performance.now();
        const { traceparent: parent } = message;
        const span =
          parent === undefined ? undefined : tracer?.begin('deliver', { kind: 'consumer', parent });
        try {
          this.fanOut.take(message);
        } catch (error) {
          // a mistake with one entry must not end the stream for everybody
          this.log.error({ err: error }, 'unexpected error');
        }
        // the rooms write at the end of this turn
        queueMicrotask(() => {
          fanOutSeconds.observe(secondsSince(began));
          span?.end();
        });
        const last = message.body?.$case === 'entries' ? message.body.value.entries.at(-1) : undefined;
        if (last?.at) deliverySeconds.observe(Math.max(0, Date.now() - last.at.getTime()) / 1000);
      });
  }

  onModuleDestroy(): void {
    this.listening?.unsubscribe();
  }
}
