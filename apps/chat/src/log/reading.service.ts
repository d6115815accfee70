import { Injectable } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { textOf } from './entry.wire';
import { LogRepository, type Page, type Part } from './log.repository';
import { refusal, withinBytes } from './log.rules';

/** What an answer may weigh; the rest is the next page. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Parts of rooms' logs. */
@Injectable()
export class ReadingService {
  constructor(private readonly repository: LogRepository) {}

  /**
   * For a member. Membership and entries are of one moment: who was removed sees nothing of what came after.
   * @throws AppError `not_a_member`, `room_not_found`
   */
  async forMember(userId: string, roomId: string, part: Part): Promise<Page> {
    const page = await this.repository.page(roomId, userId, part);
    if (!page?.member) throw new AppError(refusal(page?.kind));
    return light(page);
  }

  /**
   * For services, which decide themselves who may see it.
   * @throws AppError `room_not_found`
   */
  async forService(roomId: string, part: Part): Promise<Page> {
    const page = await this.repository.page(roomId, undefined, part);
    if (!page) throw new AppError('room_not_found');
    return light(page);
  }
}

const light = (page: Page): Page => ({ ...page, entries: withinBytes(page.entries, PAGE_BYTES, textOf) });
