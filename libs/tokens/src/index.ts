export { type AccessClaims, ISSUER, issuerOf, keyIdOf, readAccessToken, TokenKeys } from './access-token';
export { assertApiKey, hintOf, isMeantAsApiKey, newApiKey } from './api-key';
export { TokensModule } from './tokens.module';
