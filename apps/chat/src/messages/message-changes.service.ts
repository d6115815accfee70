import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import type { DeleteMessageResponse, EditMessageResponse } from '@veche/contracts';
import type { Queries } from '@veche/database';
import type { DeleteMessageDto, EditMessageDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { type LockedRoom, LogService, type NewEntry } from '../log/log.service';
import { calledBy } from '../log/mention.wire';
import { ReadingService } from '../log/reading.service';
import { toThread } from '../log/thread.wire';
import { MentionsService } from '../mentions/mentions.service';
import { StandingService } from '../members/standing.service';
import { FollowersRepository } from '../threads/followers.repository';
import { ThreadsRepository } from '../threads/threads.repository';
import { type Editor, judgeDeletion, judgeEdit, type Verdict } from './message.rules';
import { deleted, edited } from './message.wire';
import { type MessageRow, MessagesRepository } from './messages.repository';

/** A change of a message that is there, in a room that is locked. @returns what tells of it; undefined where it is so already */
type Make = (tx: Queries, room: LockedRoom, message: MessageRow) => Promise<NewEntry['body'] | undefined>;

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
    private readonly threads: ThreadsRepository,
    private readonly followers: FollowersRepository,
    private readonly config: Config,
  ) {}

  async edit({ roomId, seq, text }: EditMessageDto, call: Call): Promise<EditMessageResponse> {
    const mentions = await this.mentions.find(text, roomId, call);
    await this.change({ roomId, seq }, call, judgeEdit, async (tx, _room, message) => {
      if (message.text === text) return undefined;
      const { threadSeq } = message;
      if (threadSeq !== null)
        await this.followers.addMentioned(tx, { roomId, threadSeq, seq }, calledBy(mentions ?? []));
      return edited({ seq, threadSeq }, text, mentions);
    });
    return { entry: await this.reading.changed(call, roomId, seq) };
  }

  async delete({ roomId, seq }: DeleteMessageDto, call: Call): Promise<DeleteMessageResponse> {
    await this.change({ roomId, seq }, call, judgeDeletion, async (tx, room, message) => {
      if (message.isDeleted) return undefined;
      const { threadSeq } = message;
      if (threadSeq === null) return deleted({ seq, threadSeq });
      const left = { without: seq, countedSeq: room.lastSeq + 1 };
      const [thread] = await this.threads.recount(tx, roomId, [threadSeq], left);
      return deleted({ seq, threadSeq }, thread && toThread(thread));
    });
    return { entry: await this.reading.changed(call, roomId, seq) };
  }

  private async change(
    { roomId, seq }: { roomId: string; seq: number },
    call: Call,
    judge: (message: MessageRow | undefined, editor: Editor) => Verdict,
    make: Make,
  ): Promise<void> {
    const who = callerOf(call);
    await this.log.change(roomId, async (tx, room) => {
      const standing = await this.standings.forChange('see', tx, room, who);
      const message = await this.messages.find(tx, roomId, seq);
      const verdict = judge(message, { userId: who.userId, standing, window: this.config.EDIT_WINDOW });
      if (verdict !== 'allowed') throw new AppError(verdict);
      const body = message && (await make(tx, room, message));
      return { result: undefined, entries: body ? [{ actorId: who.userId, body }] : [] };
    });
  }
}
