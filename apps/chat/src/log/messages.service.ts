import { Injectable } from '@nestjs/common';
import type {
  Attachment,
  ConnectResponse,
  GetMessageResponse,
  ListEventsResponse,
  ListMessagesResponse,
  Mention,
  SendMessageResponse,
} from '@veche/contracts';
import type { ConnectDto, GetMessageDto, ListEventsDto, ListMessagesDto, SendMessageDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, CALL_TIMEOUT_MS, callerOf } from '@veche/rpc';
import { map, type Observable } from 'rxjs';
import { Deliveries } from './deliveries.service';
import { isComplete } from './log.rules';
import { ReadingService } from './reading.service';
import { roomDeliveries } from './room-deliveries';
import { roomStream } from './room-stream';
import { SendingService } from './sending.service';

/** What a message refers to, as it was found when it was sent. */
export interface Found {
  readonly mentions?: readonly Mention[] | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

/** The log of a room, for its members. Whether the caller is one is decided with what is read or written. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly sending: SendingService,
    private readonly reading: ReadingService,
    private readonly deliveries: Deliveries,
  ) {}

  /** @param found what was found of it; left out where there is none */
  send(
    { roomId, text, clientId, replyTo, attachmentIds, threadSeq, alsoInRoom }: SendMessageDto,
    call: Call,
    found?: Found,
  ): Promise<SendMessageResponse> {
    const authorId = callerOf(call).userId;
    const deadline = call.deadline ?? Date.now() + CALL_TIMEOUT_MS;
    const files = attachmentIds?.length ? { attachmentIds, attachments: found?.attachments } : undefined;
    const thread = threadSeq === undefined ? undefined : { threadSeq, alsoInRoom };
    const mentions = found?.mentions;
    return this.sending.send(
      { roomId, text, clientId, replyTo, authorId, mentions, ...files, ...thread },
      deadline,
    );
  }

  async get({ roomId, seq }: GetMessageDto, call: Call): Promise<GetMessageResponse> {
    const page = await this.reading.forMember(call, roomId, { after: seq - 1, limit: 1 });
    const [entry] = page.entries;
    if (entry?.body?.$case !== 'messageCreated') throw new AppError('message_not_found');
    return { entry };
  }

  async list({ roomId, before, limit = 50 }: ListMessagesDto, call: Call): Promise<ListMessagesResponse> {
    // one more than asked for tells whether there is another page
    const part = { messagesBefore: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
    const page = await this.reading.forMember(call, roomId, part);
    const entries = page.entries.slice(0, limit);
    return { entries, nextBefore: page.entries.length > limit ? entries.at(-1)?.seq : undefined };
  }

  async events({ roomId, after, limit = 500 }: ListEventsDto, call: Call): Promise<ListEventsResponse> {
    const page = await this.reading.forMember(call, roomId, { after, limit });
    const { entries, lastSeq } = page;
    return { entries: [...entries], lastSeq, complete: isComplete(after, entries, lastSeq) };
  }

  connect({ roomId, after }: ConnectDto, call: Call): Observable<ConnectResponse> {
    const { userId } = callerOf(call);
    return roomStream({
      userId,
      after,
      admit: async () => (await this.reading.forMember(call, roomId, { after: 0, limit: 0 })).lastSeq,
      fetch: (from, limit) => this.reading.forStream(call, roomId, { after: from, limit }),
      news: roomDeliveries(this.deliveries, roomId),
      flow: call.flow,
    }).pipe(map((entry) => ({ entry })));
  }
}
