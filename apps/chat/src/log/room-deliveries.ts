import type { Entry, SubscribeResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { Observable } from 'rxjs';
import type { Deliveries } from './deliveries.service';

/** What somebody hears who listens to one room. */
export type RoomNews = { readonly entry: Entry } | 'deleted' | 'resync';

const newsOf = ({ body }: SubscribeResponse): RoomNews[] => {
  switch (body?.$case) {
    case 'entries':
      return body.value.entries.map((entry) => ({ entry }));
    case 'roomDeleted':
      return ['deleted'];
    case 'resync':
      return ['resync'];
    default: // a stream is the log
      return [];
  }
};

/**
 * What is told of one room. Begins with a resync once everything is heard that is committed from then on; errors with
 * `unavailable` when this process stops.
 */
export const roomDeliveries = (
  deliveries: Pick<Deliveries, 'open' | 'addRooms' | 'remove'>,
  roomId: string,
): Observable<RoomNews> =>
  new Observable((subscriber) => {
    const listener = deliveries.open();
    subscriber.add(() => deliveries.remove(listener));
    subscriber.add(
      listener.heard.subscribe({
        next: (delivery) => newsOf(delivery).forEach((news) => subscriber.next(news)),
        complete: () => subscriber.error(new AppError('unavailable')),
      }),
    );
    deliveries.addRooms(listener, [roomId]).then(
      () => subscriber.next('resync'),
      (error: unknown) => subscriber.error(error),
    );
  });
