import type { Entry } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { type LogPage, RoomFeed } from '@veche/feed';
import type { Flow } from '@veche/rpc';
import { Observable } from 'rxjs';
import type { RoomNews } from './room-deliveries';

interface RoomStreamOptions {
  /** The member who follows. */
  readonly userId: string;
  /** undefined: from now on */
  readonly after: number | undefined;
  /** Lets the member in, or throws; gives the number of the newest entry at that moment. */
  readonly admit: () => Promise<number>;
  readonly fetch: (after: number, limit: number) => Promise<LogPage<Entry>>;
  /** Says resync first. */
  readonly news: Observable<RoomNews>;
  readonly flow: Flow;
}

const endsMembershipOf = (userId: string, { body }: Entry): boolean =>
  (body?.$case === 'memberLeft' || body?.$case === 'memberRemoved') && body.value.userId === userId;

/**
 * A room's log as it grows, for one of its members: each entry once, in order, without gaps, and no faster than
 * they take it.
 * It errors with `not_a_member` right after the entry that ended the membership, with `room_not_found` when the
 * room is deleted, and with `unavailable` when this process stops.
 */
export const roomStream = (options: RoomStreamOptions): Observable<Entry> =>
  new Observable((subscriber) => {
    const { userId, after, admit, news, flow } = options;
    const refuse = (error: unknown): void => subscriber.error(error);

    const begin = async (): Promise<void> => {
      const admittedAt = await admit();
      if (subscriber.closed) return;
      if (after !== undefined && after > admittedAt)
        throw new AppError('invalid_input', {
          errors: [{ field: 'after', message: 'after must not be beyond the end of the log' }],
        });
      const feed = new RoomFeed<Entry>({
        after: after ?? admittedAt,
        fetch: async (from, limit) => {
          await flow.drained();
          return options.fetch(from, limit);
        },
        emit: (entry) => {
          subscriber.next(entry);
          // an older entry tells of a membership that began anew since
          if (entry.seq > admittedAt && endsMembershipOf(userId, entry)) refuse(new AppError('not_a_member'));
        },
        refused: refuse,
      });
      const hear = (said: RoomNews): void => {
        if (said === 'resync') return feed.refresh();
        if (said === 'deleted') return refuse(new AppError('room_not_found'));
        // who is behind gets it from the log, when there is room
        if (flow.full) feed.notice(said.entry.seq);
        else feed.receive(said.entry);
      };
      subscriber.add(() => feed.close());
      // its first resync brings what is older, and what was committed between being let in and listening
      subscriber.add(news.subscribe({ next: hear, error: refuse }));
    };
    begin().catch(refuse);
  });
