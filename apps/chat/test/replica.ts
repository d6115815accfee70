import type { InjectionToken } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Bus } from '@veche/bus';
import { CacheModule } from '@veche/cache';
import { Config } from '@veche/config';
import {
  ATTACHMENTS,
  DELIVERY,
  ERASURE,
  INVITATIONS,
  MEMBERS,
  MESSAGES,
  PINS,
  PREFERENCES,
  PRESENCE,
  REACTIONS,
  ROOMS,
  SEARCH,
  THREADS,
  USERS,
} from '@veche/contracts';
import { DatabaseModule } from '@veche/database';
import { Authenticator, type Client, grpcServer, local, RpcModule } from '@veche/rpc';
import { randomUUID } from 'node:crypto';
import { chatCalls } from '../src/chat.calls';
import { CHAT_DATABASE } from '../src/chat.database';
import { ChatModule } from '../src/chat.module';
import { AuthenticatorOfTest, People, UsersOfTest } from './people';

/** One chat process: several on one database and one bus are replicas. */
export interface Replica {
  readonly rooms: Rooms;
  readonly members: Client<typeof MEMBERS.definition>;
  readonly invitations: Client<typeof INVITATIONS.definition>;
  readonly messages: Client<typeof MESSAGES.definition>;
  readonly reactions: Client<typeof REACTIONS.definition>;
  readonly pins: Client<typeof PINS.definition>;
  readonly threads: Client<typeof THREADS.definition>;
  readonly attachments: Client<typeof ATTACHMENTS.definition>;
  readonly search: Client<typeof SEARCH.definition>;
  readonly delivery: Client<typeof DELIVERY.definition>;
  readonly presence: Client<typeof PRESENCE.definition>;
  readonly preferences: Client<typeof PREFERENCES.definition>;
  readonly erasure: Client<typeof ERASURE.definition>;
  get<T>(type: InjectionToken<T>): T;
  close(): Promise<void>;
}

export interface ReplicaOptions {
  readonly people?: People;
  readonly poolSize?: number;
  readonly redisUrl?: string;
  readonly settings?: Partial<Config>;
  /** Where it serves gRPC too. */
  readonly grpcUrl?: string;
}

export const SERVICE_TOKEN = 'the-service-token-of-a-test';

/** Tests make more rooms than people do. */
const UNBOUNDED = { ROOMS_PER_HOUR: 1_000_000, STRANGERS_PER_DAY: 1_000_000 };

class GlobalsOfTest {}

export const startReplica = async (
  url: string,
  bus: Bus,
  { people = new People(), ...options }: ReplicaOptions = {},
): Promise<Replica> => {
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({ ...CHAT_DATABASE, url, poolSize: options.poolSize ?? 10 }),
      CacheModule.forRoot({ REDIS_URL: options.redisUrl }, SERVICE_TOKEN),
      RpcModule.forRoot(SERVICE_TOKEN, [local(USERS, UsersOfTest), ...chatCalls(local)]),
      {
        module: GlobalsOfTest,
        global: true,
        providers: [
          { provide: Bus, useValue: bus },
          { provide: People, useValue: people },
          { provide: Config, useValue: Object.assign(new Config(), UNBOUNDED, options.settings) },
          { provide: Authenticator, useValue: new AuthenticatorOfTest(people) },
        ],
        exports: [Bus, People, Config, Authenticator],
      },
      ChatModule,
    ],
    controllers: [UsersOfTest],
  }).compile();
  const { grpcUrl } = options;
  const served =
    grpcUrl === undefined
      ? undefined
      : module.createNestMicroservice(grpcServer(grpcUrl, [MESSAGES, REACTIONS, DELIVERY]));
  await (served ? served.listen() : module.init());
  const get = <T>(type: InjectionToken<T>): T => module.get(type, { strict: false });
  return {
    rooms: get(ROOMS.token),
    members: get(MEMBERS.token),
    invitations: get(INVITATIONS.token),
    messages: get(MESSAGES.token),
    reactions: get(REACTIONS.token),
    pins: get(PINS.token),
    threads: get(THREADS.token),
    attachments: get(ATTACHMENTS.token),
    search: get(SEARCH.token),
    delivery: get(DELIVERY.token),
    presence: get(PRESENCE.token),
    preferences: get(PREFERENCES.token),
    erasure: get(ERASURE.token),
    get,
    close: () => (served ?? module).close(),
  };
};

export type Rooms = Client<typeof ROOMS.definition>;

/** The context of a call that a person makes. */
export const by = (username: string) => ({ token: username, requestId: randomUUID() });
