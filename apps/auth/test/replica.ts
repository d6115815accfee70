import { Test } from '@nestjs/testing';
import { Config, ConfigModule } from '@veche/config';
import {
  ACCESS,
  API_KEYS,
  AUTH,
  ERASURE,
  EXTERNAL_USERS,
  type ForgetUserRequest,
  type ForgetUserResponse,
  type Grant,
  type LoginRequest,
  type RegisterRequest,
  USERS,
} from '@veche/contracts';
import type { Database } from '@veche/database';
import { AppError } from '@veche/errors';
import {
  Authenticator,
  type CallContext,
  type Client,
  grpcServer,
  local,
  remote,
  RpcModule,
} from '@veche/rpc';
import { TokensModule } from '@veche/tokens';
import { generateKeyPair, generateProof } from 'dpop';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeysController } from '../src/api-keys/api-keys.controller';
import { AccessController } from '../src/access/access.controller';
import { Clock } from '../src/clock';
import { mainModule } from '../src/main.module';
import { ExternalUsersController } from '../src/external/external-users.controller';
import { UsersController } from '../src/users.controller';

/** A clock that stands still until a test sets it forward. */
export class SetClock extends Clock {
  private time = Date.now();
  override now(): Date {
    return new Date(this.time);
  }
  advance(ms: number): void {
    this.time += ms;
  }
}

/** Stands in for chat, as far as auth calls it. */
export class ErasureOfTest {
  forgotten: string[] = [];
  /** What is thrown at the next calls, one each, and how many calls answer that there is more to do. */
  failures: Error[] = [];
  callsUntilDone = 0;

  reset(): void {
    Object.assign(this, new ErasureOfTest());
  }

  async forgetUser({ userId }: ForgetUserRequest): Promise<ForgetUserResponse> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.forgotten.push(userId);
    return { done: this.callsUntilDone-- <= 0 };
  }
}

export interface RunningAuth {
  readonly auth: Client<typeof AUTH.definition>;
  readonly users: Client<typeof USERS.definition>;
  readonly access: Client<typeof ACCESS.definition>;
  readonly apiKeys: Client<typeof API_KEYS.definition>;
  readonly external: Client<typeof EXTERNAL_USERS.definition>;
  readonly authenticator: Authenticator;
  readonly database: Database;
  get<T>(token: abstract new (...args: never[]) => T): T;
  close(): Promise<void>;
}

const SERVICE_TOKEN = 'a-service-token-for-tests';

/** One replica of auth, composed as its process is, on a database that the test has made. It serves at GRPC_URL if set. */
export const composeAuth = async (
  url: string,
  settings: Partial<Config> = {},
  { clock = new Clock(), erasure = new ErasureOfTest() }: { clock?: Clock; erasure?: ErasureOfTest } = {},
): Promise<RunningAuth> => {
  const folder = mkdtempSync(join(tmpdir(), 'veche-auth-'));
  const config = Object.assign(new Config(), { DATA_DIR: folder }, settings);
  const module = await Test.createTestingModule({
    imports: [
      mainModule(config, url, SERVICE_TOKEN),
      // what auth itself never calls
      RpcModule.forRoot(SERVICE_TOKEN, [
        local(USERS, UsersController),
        local(ACCESS, AccessController),
        local(API_KEYS, ApiKeysController),
        local(EXTERNAL_USERS, ExternalUsersController),
      ]),
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(ERASURE.token)
    .useValue(erasure)
    .compile();
  const server = config.GRPC_URL
    ? module.createNestMicroservice(
        grpcServer(config.GRPC_URL, [AUTH, USERS, ACCESS, API_KEYS, EXTERNAL_USERS]),
      )
    : undefined;
  await (server?.listen() ?? module.init());
  return {
    auth: module.get(AUTH.token, { strict: false }),
    users: module.get(USERS.token, { strict: false }),
    access: module.get(ACCESS.token, { strict: false }),
    apiKeys: module.get(API_KEYS.token, { strict: false }),
    external: module.get(EXTERNAL_USERS.token, { strict: false }),
    authenticator: module.get(Authenticator, { strict: false }),
    database: module.get('Database:auth', { strict: false }),
    get: (token) => module.get(token, { strict: false }),
    close: async () => {
      await (server ?? module).close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** As it is before the first account: a database is made once for several tests, which takes seconds. */
export const forgetEverybody = async ({ database }: RunningAuth): Promise<void> => {
  await database.query(
    'TRUNCATE auth.users, auth.external_users, auth.api_keys, auth.username_looks, auth.first_account, auth.deletions CASCADE',
  );
};

/** Another service, as far as it has to do with auth: it knows the way there, and verifies tokens. */
export const composeFollower = async (address: string, settings: Partial<Config> = {}) => {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(Object.assign(new Config(), settings)),
      RpcModule.forRoot(SERVICE_TOKEN, [remote(AUTH, address)]),
      TokensModule.forRoot(),
    ],
  }).compile();
  const app = await module.init();
  return {
    auth: app.get<RunningAuth['auth']>(AUTH.token, { strict: false }),
    authenticator: app.get(Authenticator, { strict: false }),
    close: () => app.close(),
  };
};

/** Nobody in particular. */
export const anonymous: CallContext = { requestId: 'test' };

export const as = (grant: Grant): CallContext => ({ ...anonymous, token: grant.accessToken });

/** What an answer hands out, which it always does. */
const granted = ({ grant }: { grant?: Grant }): Grant => {
  if (!grant) throw new Error('no grant');
  return grant;
};

export const password = 'correct horse battery';

export const register = async (
  { auth }: RunningAuth,
  username: string,
  more: Partial<RegisterRequest> = {},
): Promise<Grant> =>
  granted(await auth.register({ username, email: `${username}@example.org`, password, ...more }, anonymous));

export const login = async (
  { auth }: RunningAuth,
  name: string,
  more: Partial<LoginRequest> = {},
  context = anonymous,
): Promise<Grant> => granted(await auth.login({ login: name, password, ...more }, context));

export const refresh = async (
  { auth }: RunningAuth,
  { refreshToken }: Pick<Grant, 'refreshToken'>,
  context = anonymous,
): Promise<Grant> => granted(await auth.refresh({ refreshToken }, context));

type Operation = 'login' | 'register' | 'refresh' | 'logout';

/** A device with a key that sessions can be bound to, as the SDK has one. */
export class KeyedDevice {
  private readonly keys = generateKeyPair('ES256');

  /** What proves to the server that this device asks; made anew by each call. */
  async proof(operation: Operation, nonce?: string): Promise<CallContext> {
    const uri = `https://chat.example.org/api/v1/auth/${operation}`;
    return { ...anonymous, proof: await generateProof(await this.keys, uri, 'POST', nonce) };
  }

  /** Asks with a proof, and once more where the server wants a nonce in it. */
  async asks<T>(operation: Operation, ask: (context: CallContext) => Promise<T>): Promise<T> {
    try {
      return await ask(await this.proof(operation));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'stale_proof') throw error;
      return ask(await this.proof(operation, error.data.nonce));
    }
  }
}

/** What a call is refused with. */
export const refusal = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'accepted',
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      const { detail, errors } = error.data;
      const more = errors?.map(({ field }) => field).join() ?? detail;
      return more === undefined ? error.code : `${error.code}: ${more}`;
    },
  );
