import { Global, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { UserPrincipal } from '@veche/access';
import { Config, ConfigModule } from '@veche/config';
import { AUTH_CONTRACTS, CHAT_CONTRACTS } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { Authenticator, type CallContext } from '@veche/rpc';
import { NEVER } from 'rxjs';
import { configureGateway, gatewayAdapter } from '../src/gateway.app';
import { GatewayModule } from '../src/gateway.module';

/** Who calls with a token of the form `role` or `role:userId`. */
export const CALLER_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

class Tokens extends Authenticator {
  async authenticate(token: string): Promise<UserPrincipal> {
    const [role, userId = CALLER_ID] = token.split(':');
    if (role !== 'user' && role !== 'guest') throw new AppError('token_expired');
    const expiresAt = Date.now() + 60_000;
    return { kind: 'user', userId, sessionId: CALLER_ID, role, appId: 'veche', expiresAt };
  }
  override hold(): void {
    return;
  }
  override release(): void {
    return;
  }
}

/** What stands in for auth and chat. */
export type Answer = (method: string, request: unknown, context: CallContext) => unknown;

/** A gateway without auth and chat behind it: a test answers its calls. */
export const startGateway = async (
  answer: Answer,
  settings: Partial<Config> = {},
  controllers: Type[] = [],
): Promise<NestFastifyApplication> => {
  const config = Object.assign(new Config(), settings);
  const client = new Proxy(
    {},
    {
      get: (_target, method) =>
        // Nest asks everything that it is given whether it is a promise, or wants to hear of its life
        typeof method !== 'string' || /^(then$|on|before)/.test(method)
          ? undefined
          : method === 'subscribe'
            ? // the socket door listens to it
              () => NEVER
            : async (request: unknown, context: CallContext) => answer(method, request, context),
    },
  );
  const provided = [
    { provide: Authenticator, useClass: Tokens },
    ...[...AUTH_CONTRACTS, ...CHAT_CONTRACTS].map(({ token }) => ({ provide: token, useValue: client })),
  ];
  @Global()
  @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
  class Surroundings {}

  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), Surroundings, GatewayModule],
    controllers,
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(gatewayAdapter(config), { logger: false });
  await configureGateway(app, config);
  return app.init();
};
