import { Injectable } from '@nestjs/common';
import type {
  GetThreadResponse,
  ListThreadMessagesResponse,
  ListThreadsResponse,
  MarkAllThreadsReadResponse,
  MarkThreadReadResponse,
  SetThreadFollowingResponse,
} from '@veche/contracts';
import {
  type GetThreadDto,
  type ListThreadMessagesDto,
  type ListThreadsDto,
  type MarkThreadReadDto,
  pageOf,
  readCursor,
  type SetThreadFollowingDto,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { LogRepository } from '../log/log.repository';
import { OutboxService } from '../log/outbox.service';
import { ReadingService } from '../log/reading.service';
import { ReadingTurns } from '../log/reading-turns';
import { StandingService } from '../members/standing.service';
import { type FollowerRow, FollowersRepository, type ThreadKey } from './followers.repository';
import { judgeRoot, type Root } from './thread.rules';
import { threadMarked, toThreadOf } from './thread.wire';
import { type AfterThread, ThreadsRepository } from './threads.repository';

const A_PAGE = 50;

/**
 * Threads as their readers have them. What is in them are messages, which are sent, changed and told like all others; here
 * is who follows them, and how far they have read.
 */
@Injectable()
export class ThreadsService {
  constructor(
    private readonly standings: StandingService,
    private readonly reading: ReadingService,
    private readonly entries: LogRepository,
    private readonly threads: ThreadsRepository,
    private readonly followers: FollowersRepository,
    private readonly outbox: OutboxService,
    private readonly turns: ReadingTurns,
  ) {}

  async get({ roomId, threadSeq }: GetThreadDto, call: Call): Promise<GetThreadResponse> {
    const { userId } = callerOf(call);
    const key = { roomId, threadSeq };
    await this.rootFor(key, call);
    const row = await this.threads.ofReader(key, userId);
    const root = await this.reading.changed(call, roomId, threadSeq);
    return { thread: toThreadOf(root, row) };
  }

  async messages(request: ListThreadMessagesDto, call: Call): Promise<ListThreadMessagesResponse> {
    const { roomId, threadSeq, before = Number.MAX_SAFE_INTEGER, limit = A_PAGE } = request;
    await this.rootFor({ roomId, threadSeq }, call);
    const { userId } = callerOf(call);
    return this.turns.take(userId, call.deadline, async () => {
      // one more than asked for tells whether there is another page
      const seqs = await this.threads.replies({ roomId, threadSeq }, before, limit + 1);
      const page = seqs.slice(0, limit);
      const entries = await this.entries.ranges(
        page.map((seq) => ({ roomId, from: seq, to: seq, reader: userId })),
      );
      return { entries: entries.reverse(), nextBefore: seqs.length > limit ? page.at(-1) : undefined };
    });
  }

  async follow(request: SetThreadFollowingDto, call: Call): Promise<SetThreadFollowingResponse> {
    const { roomId, threadSeq, on } = request;
    const { lastSeq } = await this.rootFor({ roomId, threadSeq }, call);
    this.tell(await this.followers.set({ roomId, threadSeq }, callerOf(call).userId, { on, lastSeq }));
    return {};
  }

  async markRead(request: MarkThreadReadDto, call: Call): Promise<MarkThreadReadResponse> {
    const { roomId, threadSeq, seq, back } = request;
    const who = callerOf(call);
    await this.standings.forReading('read', roomId, who);
    const key = { roomId, threadSeq };
    this.tell(
      back
        ? await this.followers.markUnread(key, who.userId, seq)
        : await this.followers.markRead(key, who.userId, seq),
    );
    return {};
  }

  async markAllRead(call: Call): Promise<MarkAllThreadsReadResponse> {
    const moved = await this.followers.markAllRead(callerOf(call).userId);
    this.outbox.hint(...moved.map(threadMarked));
    return {};
  }

  async list({ limit = A_PAGE, cursor }: ListThreadsDto, call: Call): Promise<ListThreadsResponse> {
    const { userId } = callerOf(call);
    return this.turns.take(userId, call.deadline, async () => {
      const rows = await this.threads.listOf(userId, limit + 1, afterThread(cursor));
      const { items, nextCursor } = pageOf(rows, limit, (last) => [
        last.lastAt,
        last.roomId,
        String(last.threadSeq),
      ]);
      const roots = await this.entries.ranges(
        items.map(({ roomId, threadSeq: seq }) => ({ roomId, from: seq, to: seq, reader: userId })),
      );
      const rootOf = new Map(roots.map((entry) => [`${entry.roomId} ${entry.seq}`, entry]));
      const threads = items.flatMap((row) => {
        const root = rootOf.get(`${row.roomId} ${row.threadSeq}`);
        // its room has gone meanwhile
        return root ? [toThreadOf(root, row)] : [];
      });
      return { threads, nextCursor };
    });
  }

  /** @throws AppError why there is no thread, or none for the caller */
  private async rootFor(key: ThreadKey, call: Call): Promise<Root> {
    await this.standings.forReading('read', key.roomId, callerOf(call));
    const root = await this.threads.root(key);
    const verdict = judgeRoot(root);
    if (!root || verdict !== 'allowed')
      throw new AppError(verdict === 'allowed' ? 'message_not_found' : verdict);
    return root;
  }

  private tell(row: FollowerRow | undefined): void {
    if (row) this.outbox.hint(threadMarked(row));
  }
}

const afterThread = (cursor: string | undefined): AfterThread | undefined => {
  const [lastAt, roomId, threadSeq] = readCursor(cursor, 'time', 'uuid', 'seq') ?? [];
  if (lastAt === undefined || roomId === undefined) return undefined;
  return { lastAt, roomId, threadSeq: Number(threadSeq) };
};
