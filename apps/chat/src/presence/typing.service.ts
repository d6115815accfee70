import { Injectable } from '@nestjs/common';
import type { SetTypingResponse } from '@veche/contracts';
import type { SetTypingDto } from '@veche/dto';
import { type Call, callerOf } from '@veche/rpc';
import { OutboxService } from '../log/outbox.service';
import { StandingService } from '../members/standing.service';

/** Passes on who writes. Nothing is kept: who shows it forgets it after some seconds. */
@Injectable()
export class TypingService {
  constructor(
    private readonly standings: StandingService,
    private readonly outbox: OutboxService,
  ) {}

  async set({ roomId, on }: SetTypingDto, call: Call): Promise<SetTypingResponse> {
    const who = callerOf(call);
    await this.standings.forReading('write', roomId, who);
    this.outbox.hint({ body: { $case: 'typing', value: { roomId, userId: who.userId, on } } });
    return {};
  }
}
