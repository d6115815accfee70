import type { SubscribeResponse } from '@veche/contracts';
import type { Flow } from '@veche/rpc';
import { Observable } from 'rxjs';
import { RESYNC } from '../log/outbox.wire';

/** Deliveries that may wait in this process for a consumer that is behind. */
const BACKLOG = 64;

/** Hands on what the consumer takes. What it cannot take is dropped, and told by one resync when it can again. */
export const paced = (
  source: Observable<SubscribeResponse>,
  flow: Flow,
  bound = BACKLOG,
): Observable<SubscribeResponse> =>
  new Observable((subscriber) => {
    let backlog = 0;
    let missed = false;
    const recover = async (): Promise<void> => {
      await flow.drained();
      backlog = 0;
      if (missed) subscriber.next(RESYNC);
      missed = false;
    };
    return source.subscribe({
      next: (delivery) => {
        if (flow.full && backlog === 0) void recover();
        if (flow.full || backlog > 0) backlog++;
        if (backlog > bound) missed = true;
        else subscriber.next(delivery);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
