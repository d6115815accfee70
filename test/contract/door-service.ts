import { Controller, Global, type INestMicroservice, type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Access, type UserPrincipal } from '@veche/access';
import { Config, ConfigModule } from '@veche/config';
import {
  DELIVERY,
  type GetChatHealthResponse,
  type ListMembershipsResponse,
  type ListRoomEntriesResponse,
  type SubscribeResponse,
} from '@veche/contracts';
import { GetChatHealthDto, ListMembershipsDto, ListRoomEntriesDto, SubscribeDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import {
  Authenticator,
  type Call,
  Each,
  grpcServer,
  type Handlers,
  RpcModule,
  RpcService,
  tlsOf,
} from '@veche/rpc';
import { concat, NEVER, type Observable, of } from 'rxjs';

export const SERVICE_TOKEN = 'a-service-token-for-tests';

/** A token is a user's name; there is one that nobody has. */
class Tokens extends Authenticator {
  async authenticate(token: string): Promise<UserPrincipal> {
    if (token === 'bad') throw new AppError('invalid_token');
    const expiresAt = Date.now() + 60_000;
    return { kind: 'user', userId: token, sessionId: `${token}-1`, role: 'user', appId: 'veche', expiresAt };
  }
  override hold(): void {
    return;
  }
  override release(): void {
    return;
  }
}

@Controller()
@RpcService(DELIVERY)
class Door implements Handlers<typeof DELIVERY.definition> {
  @Access('messages.read')
  @Each(SubscribeDto)
  subscribe(_requests: Observable<SubscribeDto>): Observable<SubscribeResponse> {
    return concat(of({ body: { $case: 'resync' as const, value: {} } }), NEVER);
  }

  @Access('service')
  getChatHealth(_request: GetChatHealthDto): GetChatHealthResponse {
    return { checks: [] };
  }

  /** Who calls, and from where. */
  @Access('public')
  listMemberships(_request: ListMembershipsDto, { principal, clientIp }: Call): ListMembershipsResponse {
    const userId = principal.kind === 'user' ? principal.userId : '';
    return {
      memberships: [{ userId, roomId: clientIp ?? '', lastSeq: 0, readSeq: 0, mentions: 0, memberCount: 2 }],
    };
  }

  @Access('public')
  listRoomEntries({ limit, after }: ListRoomEntriesDto): ListRoomEntriesResponse {
    if (limit === 2) throw new TypeError('a secret detail');
    return { entries: [], lastSeq: after };
  }
}

@Global()
@Module({ providers: [{ provide: Authenticator, useClass: Tokens }], exports: [Authenticator] })
class TokensModule {}

/** A service behind a gRPC door as processes have it. */
export const openDoor = async (
  url: string,
  settings: Partial<Config> = {},
  logger: LoggerService | false = false,
): Promise<INestMicroservice> => {
  const config = Object.assign(new Config(), settings);
  @Module({
    imports: [ConfigModule.forRoot(config), RpcModule.forRoot(SERVICE_TOKEN, []), TokensModule],
    controllers: [Door],
  })
  class DoorModule {}
  const server = grpcServer(url, [DELIVERY], {
    serviceToken: SERVICE_TOKEN,
    tls: tlsOf(config),
    reflection: config.GRPC_REFLECTION,
  });
  const app = await NestFactory.createMicroservice(DoorModule, { ...server, logger, abortOnError: false });
  await app.listen();
  return app;
};
