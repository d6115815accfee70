import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from '@veche/config';
import { AUTH } from '@veche/contracts';
import { Authenticator, type Client } from '@veche/rpc';
import { TokenVerifier } from './token-verifier';

/** Who is behind an access token, for every process. Needs a client of AUTH, and the configuration. */
@Module({})
export class TokensModule {
  static forRoot(): DynamicModule {
    return {
      module: TokensModule,
      global: true,
      providers: [
        {
          provide: Authenticator,
          useFactory: (auth: Client<typeof AUTH.definition>, config: Config) =>
            new TokenVerifier(auth, config),
          inject: [AUTH.token, Config],
        },
      ],
      exports: [Authenticator],
    };
  }
}
