import { Controller, Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Access } from '@veche/access';
import {
  DELIVERY,
  type ListMembershipsResponse,
  type ListRoomEntriesResponse,
  type SubscribeResponse,
} from '@veche/contracts';
import { ListMembershipsDto, ListRoomEntriesDto, SubscribeDto } from '@veche/dto';
import { Authenticator, grpcServer, type Handlers, RpcModule, RpcService } from '@veche/rpc';
import { eventually, freePort } from '@veche/testing';
import { concat, NEVER, type Observable, of } from 'rxjs';
import { Grpc } from '../harness/grpc';
import { Link } from '../harness/link';
import { within } from '../harness/waiting';

const SERVICE_TOKEN = 'a-service-token-for-tests';

@Controller()
@RpcService(DELIVERY)
class Endless implements Handlers<typeof DELIVERY.definition> {
  @Access('service')
  subscribe(_request: SubscribeDto): Observable<SubscribeResponse> {
    return concat(of({ body: { $case: 'resync' as const, value: {} } }), NEVER);
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
class EndlessModule {}

test('a service stops in time though somebody who followed a stream has vanished without a word', async () => {
  const port = await freePort();
  const app = await NestFactory.createMicroservice(EndlessModule, {
    ...grpcServer(`127.0.0.1:${port}`, [DELIVERY]),
    logger: false,
  });
  await app.listen();
  const link = await Link.open('client→service', await freePort(), [port]);
  const client = new Grpc(DELIVERY.definition, `127.0.0.1:${link.port}`);
  const stream = client.stream('subscribe', {}, { metadata: { 'x-service-token': SERVICE_TOKEN } });
  await eventually(() => stream.heard.length === 1);
  link.lose();
  await within(5_000, 'stopping', app.close());
  client.close();
  link.close();
});
