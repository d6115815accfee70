import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type ConnectResponse,
  type ListEventsResponse,
  type ListMessagesResponse,
  MESSAGES,
  type SendMessageResponse,
} from '@veche/contracts';
import { ConnectDto, ListEventsDto, ListMessagesDto, SendMessageDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import type { Observable } from 'rxjs';
import { MessagesService } from './messages.service';

@Controller()
@RpcService(MESSAGES)
export class MessagesController implements Handlers<typeof MESSAGES.definition> {
  constructor(private readonly messages: MessagesService) {}

  @Access('messages.send')
  sendMessage(request: SendMessageDto, call: Call): Promise<SendMessageResponse> {
    return this.messages.send(request, call);
  }

  @Access('messages.read')
  listMessages(request: ListMessagesDto, call: Call): Promise<ListMessagesResponse> {
    return this.messages.list(request, call);
  }

  @Access('messages.read')
  listEvents(request: ListEventsDto, call: Call): Promise<ListEventsResponse> {
    return this.messages.events(request, call);
  }

  @Access('messages.read')
  connect(request: ConnectDto, call: Call): Observable<ConnectResponse> {
    return this.messages.connect(request, call);
  }
}
