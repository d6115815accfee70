import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import type { DeleteMessageResponse, EditMessageResponse } from '@veche/contracts';
import type { DeleteMessageDto, EditMessageDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { LogService, type NewEntry } from '../log/log.service';
import { ReadingService } from '../log/reading.service';
import { MentionsService } from '../mentions/mentions.service';
import { StandingService } from '../members/standing.service';
import { type Editor, judgeDeletion, judgeEdit, type Verdict } from './message.rules';
import { deleted, edited } from './message.wire';
import { type MessageRow, MessagesRepository } from './messages.repository';

/**
 * Mends messages and takes them back. What is there already is not written again, so that a retry is harmless. The
 * entry that tells of it changes the message's own row with it (log/log.repository.ts), and no other place has a text.
 */
@Injectable()
export class MessageChangesService {
  constructor(
    private readonly standings: StandingService,
    private readonly log: LogService,
    private readonly reading: ReadingService,
    private readonly messages: MessagesRepository,
    private readonly mentions: MentionsService,
    private readonly config: Config,
  ) {}

  async edit({ roomId, seq, text }: EditMessageDto, call: Call): Promise<EditMessageResponse> {
    const mentions = await this.mentions.find(text, roomId, call);
    await this.change({ roomId, seq }, call, judgeEdit, (message) =>
      message.text === text ? undefined : edited(seq, text, mentions),
    );
    return { entry: await this.reading.changed(call, roomId, seq) };
  }

  async delete({ roomId, seq }: DeleteMessageDto, call: Call): Promise<DeleteMessageResponse> {
    await this.change({ roomId, seq }, call, judgeDeletion, (message) =>
      message.isDeleted ? undefined : deleted(seq),
    );
    return { entry: await this.reading.changed(call, roomId, seq) };
  }

  private async change(
    { roomId, seq }: { roomId: string; seq: number },
    call: Call,
    judge: (message: MessageRow | undefined, editor: Editor) => Verdict,
    bodyFor: (message: MessageRow) => NewEntry['body'] | undefined,
  ): Promise<void> {
    const who = callerOf(call);
    await this.log.change(roomId, async (tx, room) => {
      const standing = await this.standings.forChange('see', tx, room, who);
      const message = await this.messages.find(tx, roomId, seq);
      const verdict = judge(message, { userId: who.userId, standing, window: this.config.EDIT_WINDOW });
      if (verdict !== 'allowed') throw new AppError(verdict);
      const body = message && bodyFor(message);
      return { result: undefined, entries: body ? [{ actorId: who.userId, body }] : [] };
    });
  }
}
