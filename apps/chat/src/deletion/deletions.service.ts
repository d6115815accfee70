import { Injectable } from '@nestjs/common';
import type { Queries } from '@veche/database';
import type { Signal } from '../log/log.service';
import { DeletionsRepository } from './deletions.repository';

/** How a room ends, whoever ends it: its owner, the last who leaves, an account that goes. */
@Injectable()
export class DeletionsService {
  constructor(private readonly deletions: DeletionsRepository) {}

  /** Gone for everybody when the transaction commits. @returns what tells them */
  async delete(tx: Queries, roomId: string): Promise<Signal> {
    await this.deletions.begin(tx, roomId);
    return { $case: 'roomDeleted', value: { roomId } };
  }
}
