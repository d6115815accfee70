import { Injectable } from '@nestjs/common';
import type { Entry } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { lengthOf } from './entry.wire';
import { LogRepository, type Page, type Part } from './log.repository';
import { refusal, withinBytes } from './log.rules';
import { ReadingTurns } from './reading-turns';

/** What an answer may weigh; the rest is the next page. */
const PAGE_BYTES = 1024 * 1024;

/** Parts of rooms' logs. */
@Injectable()
export class ReadingService {
  constructor(
    private readonly repository: LogRepository,
    private readonly turns: ReadingTurns,
  ) {}

  /**
   * For a member. Membership and entries are of one moment: who was removed sees nothing of what came after.
   * @throws AppError `not_a_member`, `room_not_found`
   */
  async forMember(call: Call, roomId: string, part: Part): Promise<Page> {
    const { userId } = callerOf(call);
    const page = await this.turns.take(userId, call.deadline, () =>
      this.repository.page(roomId, userId, part),
    );
    if (!page?.member) throw new AppError(refusal(page?.kind));
    return light(page);
  }

  /**
   * A message as it is now, for who has just changed it and may see it.
   * @throws AppError `message_not_found` where its room has gone meanwhile
   */
  async changed(call: Call, roomId: string, seq: number): Promise<Entry> {
    const reader = callerOf(call).userId;
    const [entry] = await this.repository.ranges([{ roomId, from: seq, to: seq, reader }]);
    if (!entry) throw new AppError('message_not_found');
    return entry;
  }

  /**
   * For the stream of a member, which decides itself where it ends.
   * @throws AppError `room_not_found`
   */
  async forStream(call: Call, roomId: string, part: Part): Promise<Page> {
    const { userId } = callerOf(call);
    return there(
      await this.turns.take(userId, undefined, () => this.repository.page(roomId, undefined, part)),
    );
  }

  /**
   * For services, which decide themselves who may see it.
   * @throws AppError `room_not_found`
   */
  async forService(roomId: string, part: Part): Promise<Page> {
    return there(await this.turns.shared(undefined, () => this.repository.page(roomId, undefined, part)));
  }
}

const there = (page: Page | undefined): Page => {
  if (!page) throw new AppError('room_not_found');
  return light(page);
};

const light = (page: Page): Page => ({ ...page, entries: withinBytes(page.entries, PAGE_BYTES, lengthOf) });
