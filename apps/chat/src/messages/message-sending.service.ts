import { Injectable } from '@nestjs/common';
import type { SendMessageResponse } from '@veche/contracts';
import type { SendMessageDto } from '@veche/dto';
import { type Call, callerOf } from '@veche/rpc';
import { AttachmentsService } from '../attachments/attachments.service';
import { type Found, MessagesService } from '../log/messages.service';
import { MentionsService } from '../mentions/mentions.service';

/**
 * Sends messages once it is known whom they mention and which files come with them. What one author sends into one room stays in the order in which it
 * came, although most messages have neither and wait for nothing.
 */
@Injectable()
export class MessageSendingService {
  /** The last of an author in a room that waits for what it refers to, and what is behind it; settles, and never fails. */
  private readonly waiting = new Map<string, Promise<void>>();

  constructor(
    private readonly messages: MessagesService,
    private readonly mentions: MentionsService,
    private readonly attachments: AttachmentsService,
  ) {}

  send(message: SendMessageDto, call: Call): Promise<SendMessageResponse> {
    const finding = this.find(message, call);
    const place = `${message.roomId} ${callerOf(call).userId}`;
    const before = this.waiting.get(place);
    if (!finding && !before) return this.messages.send(message, call);
    // whether or not it is waited for at that moment
    finding?.catch(() => undefined);
    // in a box, so that the next one waits for its place and not for its commit
    const handedOver = (async () => {
      await before;
      return { answer: this.messages.send(message, call, await finding) };
    })();
    const turn = handedOver
      .then(() => undefined)
      .catch(() => undefined)
      .finally(() => {
        if (this.waiting.get(place) === turn) this.waiting.delete(place);
      });
    this.waiting.set(place, turn);
    return handedOver.then(({ answer }) => answer);
  }

  /** @returns undefined where there is nothing to be found, without asking anybody */
  private find({ roomId, text, attachmentIds }: SendMessageDto, call: Call): Promise<Found> | undefined {
    const mentions = this.mentions.find(text, roomId, call);
    const attachments = attachmentIds?.length ? this.attachments.find(attachmentIds, call) : undefined;
    if (!mentions && !attachments) return undefined;
    return Promise.all([mentions, attachments]).then(([named, files]) => ({
      mentions: named,
      attachments: files,
    }));
  }
}
