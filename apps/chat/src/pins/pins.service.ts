import { Injectable } from '@nestjs/common';
import type { ListPinsResponse, SetPinResponse } from '@veche/contracts';
import type { ListPinsDto, SetPinDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { LogRepository } from '../log/log.repository';
import { LogService } from '../log/log.service';
import { ReadingService } from '../log/reading.service';
import { StandingService } from '../members/standing.service';
import { judgePin } from './pin.rules';
import { pinChanged } from './pin.wire';
import { PinsRepository } from './pins.repository';

/**
 * Messages that a room keeps at hand. That one is pinned stands in its own row, which changes with the entry that tells of
 * it (log/log.repository.ts): a message that is deleted, or whose room goes, leaves nothing behind.
 */
@Injectable()
export class PinsService {
  constructor(
    private readonly standings: StandingService,
    private readonly log: LogService,
    private readonly entries: LogRepository,
    private readonly reading: ReadingService,
    private readonly pins: PinsRepository,
  ) {}

  async set({ roomId, seq, on }: SetPinDto, call: Call): Promise<SetPinResponse> {
    const who = callerOf(call);
    await this.log.change(roomId, async (tx, room) => {
      const standing = await this.standings.forChange('see', tx, room, who);
      const message = await this.pins.find(tx, roomId, seq);
      const verdict = judgePin(message, { on, pins: message?.pins ?? 0 }, standing);
      if (verdict === 'is_so_already') return { result: undefined };
      if (verdict !== 'changes') throw new AppError(verdict);
      return { result: undefined, entries: [{ actorId: who.userId, body: pinChanged(seq, on) }] };
    });
    return { entry: await this.reading.changed(call, roomId, seq) };
  }

  async list({ roomId }: ListPinsDto, call: Call): Promise<ListPinsResponse> {
    const who = callerOf(call);
    await this.standings.forReading('read', roomId, who);
    const seqs = await this.pins.list(roomId);
    const messages = await this.entries.readable(
      who.userId,
      seqs.map((seq) => ({ roomId, seq })),
    );
    const bySeq = new Map(messages.map((entry) => [entry.seq, entry]));
    return { entries: seqs.flatMap((seq) => bySeq.get(seq) ?? []) };
  }
}
