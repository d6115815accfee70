import { Injectable } from '@nestjs/common';
import type { Entry } from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { AppError } from '@veche/errors';
import type { EntryBody } from './entry.wire';
import { type LockedRoom, LogRepository, type NumberedEntry } from './log.repository';
import { OutboxService } from './outbox.service';
import { type Signal, toDeliveries } from './outbox.wire';

export type { EntryBody } from './entry.wire';
export type { LockedRoom } from './log.repository';
export type { Signal } from './outbox.wire';

/** An entry that is still to get its number and its time. */
export interface NewEntry {
  readonly actorId: string;
  readonly body: EntryBody;
}

/** What a transaction has done, and what is to be told of it once it is committed. */
export interface Change<T> {
  readonly result: T;
  /** Appended to the room's log in this order. */
  readonly entries?: readonly NewEntry[];
  readonly signals?: readonly Signal[];
}

export interface Committed<T> {
  readonly result: T;
  readonly entries: readonly Entry[];
}

/** What a transaction leaves behind for {@link LogService.commit}: its entries have numbers already. */
interface Numbered<T> {
  readonly result: T;
  readonly entries: readonly NumberedEntry[];
  readonly signals?: readonly Signal[];
}

const numbered = (roomId: string, lastSeq: number, entries: readonly NewEntry[] = []): NumberedEntry[] =>
  entries.map((entry, i) => ({ ...entry, roomId, seq: lastSeq + 1 + i }));

/**
 * The only way to change a room: what happens is appended to the room's log in the transaction that does it, and
 * told to everybody after the commit, also when this process dies in between.
 */
@Injectable()
export class LogService {
  constructor(
    @InjectDatabase('chat') private readonly db: Database,
    private readonly repository: LogRepository,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Runs work while nothing else changes in the room. What it throws rolls everything back.
   * @throws AppError `room_not_found`
   */
  change<T>(
    roomId: string,
    work: (tx: Queries, room: LockedRoom) => Promise<Change<T>>,
  ): Promise<Committed<T>> {
    return this.commit(async (tx) => {
      const [room] = await this.repository.lock(tx, [roomId]);
      if (!room) throw new AppError('room_not_found');
      const { entries, ...change } = await work(tx, room);
      return { ...change, entries: numbered(room.id, room.lastSeq, entries) };
    });
  }

  /**
   * Runs work that inserts a room (with last_seq 0), and begins the room's log. Without entries nothing is
   * appended: work may find that the room is there already.
   */
  create<T>(work: (tx: Queries) => Promise<Change<T> & { room: { id: string } }>): Promise<Committed<T>> {
    return this.commit(async (tx) => {
      const { room, entries, ...change } = await work(tx);
      return { ...change, entries: numbered(room.id, 0, entries) };
    });
  }

  /** One transaction, and then everybody hears of it. The rooms of its entries are locked or new. */
  private commit<T>(work: (tx: Queries) => Promise<Numbered<T>>): Promise<Committed<T>> {
    return this.outbox.committing(async () => {
      const { outboxId, signals, ...committed } = await this.db.transaction(async (tx) => {
        const { result, entries, signals = [] } = await work(tx);
        if (entries.length + signals.length === 0)
          return { result, entries: [], signals, outboxId: undefined };
        return { result, signals, ...(await this.repository.append(tx, entries, signals)) };
      });
      return { result: committed, deliveries: toDeliveries(committed.entries, signals), outboxId };
    });
  }
}
