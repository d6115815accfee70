import { type DynamicModule, Module } from '@nestjs/common';
import { Authenticator } from '@veche/rpc';
import { TokenVerifier } from './token-verifier';

/** Who is behind an access token, for every process. Needs a client of AUTH, and the configuration. */
@Module({})
export class TokensModule {
  static forRoot(): DynamicModule {
    return {
      module: TokensModule,
      global: true,
      providers: [{ provide: Authenticator, useClass: TokenVerifier }],
      exports: [Authenticator],
    };
  }
}
