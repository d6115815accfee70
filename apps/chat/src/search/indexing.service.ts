import { Injectable } from '@nestjs/common';
import { IndexingRepository } from './indexing.repository';
import { indexedMessages } from './search.metrics';

/** Entries that are read, and written, at once: some ten milliseconds, which is how long others may wait. */
const ENTRIES_AT_ONCE = 200;
export const ROOMS_AT_ONCE = 200;

/** Brings the index up to the logs, a piece at a time. */
@Injectable()
export class IndexingService {
  constructor(private readonly repository: IndexingRepository) {}

  /** Some of the rooms that the index is behind of, and whether there are more. */
  async behind(): Promise<{ rooms: string[]; more: boolean }> {
    const found = await this.repository.behind(ROOMS_AT_ONCE + 1);
    return { rooms: found.slice(0, ROOMS_AT_ONCE), more: found.length > ROOMS_AT_ONCE };
  }

  /**
   * Indexes a piece of what follows in the logs of rooms.
   * @param roomIds at most {@link ROOMS_AT_ONCE}
   * @returns the rooms of which nothing is left, as far as was seen, and how many messages were indexed
   */
  async advance(roomIds: readonly string[]): Promise<{ done: string[]; messages: number }> {
    const parts = await this.repository.unindexed(roomIds, ENTRIES_AT_ONCE);
    if (parts.length === 0) return { done: [...roomIds], messages: 0 };
    const { rooms, messages } = await this.repository.take(parts);
    indexedMessages.inc(messages);
    const entries = parts.reduce((sum, { after, upTo }) => sum + upTo - after, 0);
    const found = new Set(parts.map(({ roomId }) => roomId));
    const done =
      entries < ENTRIES_AT_ONCE
        ? roomIds.filter((id) => rooms.has(id) || !found.has(id))
        : // a full piece: there may be more of its last room, and those after that were not reached
          [...rooms].filter((id) => id !== parts.at(-1)?.roomId);
    return { done, messages };
  }
}
