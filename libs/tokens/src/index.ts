export { type AccessClaims, ISSUER, keyIdOf, readAccessToken, TokenKeys } from './access-token';
export { TokensModule } from './tokens.module';
