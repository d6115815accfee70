import type { Entry, SubscribeResponse } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { Observable, type Subscriber } from 'rxjs';
import type { OutboxService } from './outbox.service';

/** What somebody hears who listens to one room. */
export type RoomNews = { readonly entry: Entry } | 'deleted' | 'resync';

/**
 * Deliveries by room: what is told costs those who listen to its room, however many others listen to other rooms. A
 * stream errors with `unavailable` when this process stops.
 */
export class RoomDeliveries {
  private readonly rooms = new Map<string, Set<Subscriber<RoomNews>>>();

  constructor({ deliveries }: Pick<OutboxService, 'deliveries'>) {
    deliveries.subscribe({
      next: (delivery) => this.take(delivery),
      complete: () => {
        for (const listener of this.listeners()) listener.error(new AppError('unavailable'));
      },
    });
  }

  of(roomId: string): Observable<RoomNews> {
    return new Observable((subscriber) => {
      const listeners = this.rooms.get(roomId) ?? new Set();
      this.rooms.set(roomId, listeners.add(subscriber));
      return () => {
        listeners.delete(subscriber);
        if (listeners.size === 0) this.rooms.delete(roomId);
      };
    });
  }

  private take({ body }: SubscribeResponse): void {
    switch (body?.$case) {
      case 'entries':
        for (const entry of body.value.entries) this.tell(entry.roomId, { entry });
        return;
      case 'roomDeleted':
        return this.tell(body.value.roomId, 'deleted');
      case 'resync':
        for (const listener of this.listeners()) listener.next('resync');
        return;
      case 'readMark': // a stream is the log
      case undefined:
    }
  }

  private tell(roomId: string, news: RoomNews): void {
    // who hears it may leave
    for (const listener of [...(this.rooms.get(roomId) ?? [])]) listener.next(news);
  }

  private listeners(): Subscriber<RoomNews>[] {
    return [...this.rooms.values()].flatMap((listeners) => [...listeners]);
  }
}
