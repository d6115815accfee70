import { Injectable } from '@nestjs/common';
import type { SendMessageResponse } from '@veche/contracts';
import type { SendMessageDto } from '@veche/dto';
import { type Call, callerOf } from '@veche/rpc';
import { MessagesService } from '../log/messages.service';
import { MentionsService } from '../mentions/mentions.service';

/**
 * Sends messages once it is known whom they mention. What one author sends into one room stays in the order in which it
 * came, although most messages mention nobody and wait for nothing.
 */
@Injectable()
export class MessageSendingService {
  /** The last of an author in a room that waits for its mentions, and what is behind it; settles, and never fails. */
  private readonly waiting = new Map<string, Promise<void>>();

  constructor(
    private readonly messages: MessagesService,
    private readonly mentions: MentionsService,
  ) {}

  send(message: SendMessageDto, call: Call): Promise<SendMessageResponse> {
    const { roomId, text } = message;
    const finding = this.mentions.find(text, roomId, call);
    const place = `${roomId} ${callerOf(call).userId}`;
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
}
