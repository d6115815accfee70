import type { InjectionToken } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Bus } from '@veche/bus';
import { CacheModule } from '@veche/cache';
import { ROOMS, USERS } from '@veche/contracts';
import { DatabaseModule } from '@veche/database';
import { Authenticator, type Client, local, RpcModule } from '@veche/rpc';
import { randomUUID } from 'node:crypto';
import { CHAT_DATABASE } from '../src/chat.database';
import { ChatModule } from '../src/chat.module';
import { RoomsController } from '../src/rooms/rooms.controller';
import { AuthenticatorOfTest, People, UsersOfTest } from './people';

/** One chat process: several on one database and one bus are replicas. */
export interface Replica {
  get<T>(type: InjectionToken<T>): T;
  close(): Promise<void>;
}

class GlobalsOfTest {}

export const startReplica = async (
  url: string,
  bus: Bus,
  { people = new People(), ...options }: { people?: People; poolSize?: number; redisUrl?: string } = {},
): Promise<Replica> => {
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({ ...CHAT_DATABASE, url, poolSize: options.poolSize ?? 10 }),
      CacheModule.forRoot(options.redisUrl),
      RpcModule.forRoot('the-service-token-of-a-test', [
        local(USERS, UsersOfTest),
        local(ROOMS, RoomsController),
      ]),
      {
        module: GlobalsOfTest,
        global: true,
        providers: [
          { provide: Bus, useValue: bus },
          { provide: People, useValue: people },
          { provide: Authenticator, useValue: new AuthenticatorOfTest(people) },
        ],
        exports: [Bus, People, Authenticator],
      },
      ChatModule,
    ],
    controllers: [UsersOfTest],
  }).compile();
  await module.init();
  return { get: (type) => module.get(type, { strict: false }), close: () => module.close() };
};

export type Rooms = Client<typeof ROOMS.definition>;

/** The context of a call that a person makes. */
export const by = (username: string) => ({ token: username, requestId: randomUUID() });
