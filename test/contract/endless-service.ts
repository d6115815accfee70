import { Controller, Global, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Access } from '@veche/access';
import {
  DELIVERY,
  type GetChatHealthResponse,
  type ListMembershipsResponse,
  type ListRoomEntriesResponse,
  type SubscribeResponse,
} from '@veche/contracts';
import { GetChatHealthDto, ListMembershipsDto, ListRoomEntriesDto, SubscribeDto } from '@veche/dto';
import { Authenticator, Each, grpcServer, type Handlers, RpcModule, RpcService } from '@veche/rpc';
import { concat, NEVER, type Observable, of } from 'rxjs';

export const SERVICE_TOKEN = 'a-service-token-for-tests';

@Controller()
@RpcService(DELIVERY)
class Endless implements Handlers<typeof DELIVERY.definition> {
  @Access('service')
  @Each(SubscribeDto)
  subscribe(_requests: Observable<SubscribeDto>): Observable<SubscribeResponse> {
    return concat(of({ body: { $case: 'resync' as const, value: {} } }), NEVER);
  }

  @Access('service')
  getChatHealth(_request: GetChatHealthDto): GetChatHealthResponse {
    return { checks: [] };
  }

  @Access('service')
  listMemberships(_request: ListMembershipsDto): ListMembershipsResponse {
    return { memberships: [] };
  }

  @Access('service')
  listRoomEntries(_request: ListRoomEntriesDto): ListRoomEntriesResponse {
    return { entries: [], lastSeq: 0 };
  }
}

@Global()
@Module({ providers: [{ provide: Authenticator, useValue: {} }], exports: [Authenticator] })
class TokensModule {}

@Module({ imports: [RpcModule.forRoot(SERVICE_TOKEN, []), TokensModule], controllers: [Endless] })
export class EndlessModule {}

/** A service that answers, at this address; who follows its stream never hears the end. */
export const serveAt = async (url: string): Promise<INestMicroservice> => {
  const app = await NestFactory.createMicroservice(EndlessModule, {
    ...grpcServer(url, [DELIVERY]),
    logger: false,
  });
  await app.listen();
  return app;
};
