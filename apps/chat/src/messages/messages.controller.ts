import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type ConnectResponse,
  type DeleteMessageResponse,
  type EditMessageResponse,
  type GetMessageResponse,
  type ListEventsResponse,
  type ListMessagesResponse,
  MESSAGES,
  type SendMessageResponse,
} from '@veche/contracts';
import {
  ConnectDto,
  DeleteMessageDto,
  EditMessageDto,
  GetMessageDto,
  ListEventsDto,
  ListMessagesDto,
  SendMessageDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import type { Observable } from 'rxjs';
import { MessagesService } from '../log/messages.service';
import { MessageChangesService } from './message-changes.service';
import { MessageSendingService } from './message-sending.service';

@Controller()
@RpcService(MESSAGES)
export class MessagesController implements Handlers<typeof MESSAGES.definition> {
  constructor(
    private readonly messages: MessagesService,
    private readonly sending: MessageSendingService,
    private readonly changes: MessageChangesService,
  ) {}

  @Access('messages.send')
  sendMessage(request: SendMessageDto, call: Call): Promise<SendMessageResponse> {
    return this.sending.send(request, call);
  }

  @Access('messages.send')
  editMessage(request: EditMessageDto, call: Call): Promise<EditMessageResponse> {
    return this.changes.edit(request, call);
  }

  @Access('messages.send')
  deleteMessage(request: DeleteMessageDto, call: Call): Promise<DeleteMessageResponse> {
    return this.changes.delete(request, call);
  }

  @Access('messages.read')
  getMessage(request: GetMessageDto, call: Call): Promise<GetMessageResponse> {
    return this.messages.get(request, call);
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
