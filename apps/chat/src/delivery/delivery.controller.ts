import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  DELIVERY,
  type GetChatHealthResponse,
  type ListMembershipsResponse,
  type ListRoomEntriesResponse,
  type SubscribeResponse,
} from '@veche/contracts';
import { GetChatHealthDto, ListMembershipsDto, ListRoomEntriesDto, SubscribeDto } from '@veche/dto';
import { type Call, Each, type Handlers, RpcService } from '@veche/rpc';
import type { Observable } from 'rxjs';
import { ChatHealth } from '../health/health.service';
import { DeliveryService } from './delivery.service';

@Controller()
@RpcService(DELIVERY)
export class DeliveryController implements Handlers<typeof DELIVERY.definition> {
  constructor(
    private readonly delivery: DeliveryService,
    private readonly health: ChatHealth,
  ) {}

  @Access('service')
  @Each(SubscribeDto)
  subscribe(requests: Observable<SubscribeDto>, call: Call): Observable<SubscribeResponse> {
    return this.delivery.subscribe(requests, call);
  }

  @Access('service')
  getChatHealth(_request: GetChatHealthDto): Promise<GetChatHealthResponse> {
    return this.health.get();
  }

  @Access('service')
  listMemberships({ userIds }: ListMembershipsDto): Promise<ListMembershipsResponse> {
    return this.delivery.memberships(userIds);
  }

  @Access('service')
  listRoomEntries(request: ListRoomEntriesDto): Promise<ListRoomEntriesResponse> {
    return this.delivery.entries(request);
  }
}
