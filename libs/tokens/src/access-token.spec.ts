import { JwtService } from '@nestjs/jwt';
import { AppError } from '@veche/errors';
import { createHmac, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { ISSUER, readAccessToken, TokenKeys } from './access-token';

const jwt = new JwtService({});
const now = Date.parse('2026-03-01T12:00:00Z');
const seconds = now / 1000;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = ({ privateKey }: KeyPairKeyObjectResult): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = ({ publicKey }: KeyPairKeyObjectResult): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwks = JSON.stringify({
  keys: [
    { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
    { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa' },
  ],
});
const secret = 'a secret of thirty-two characters';
const payload = {
  sub: 'user',
  sid: 'session',
  aud: 'veche',
  iss: ISSUER,
  iat: seconds,
  exp: seconds + 900,
  ans: 3,
};

const signed = (changes: object = {}, options: object = {}): string =>
  // through JSON, for which undefined is absent
  jwt.sign(JSON.parse(JSON.stringify({ ...payload, ...changes })) as object, {
    algorithm: 'ES256',
    privateKey: pem(ec),
    keyid: 'ec',
    ...options,
  });
const read = (token: string, keys = TokenKeys.fromJwks(jwks), at = now) =>
  readAccessToken(token, keys, { audiences: ['veche'], now: at });
const refusal = (token: string, keys?: TokenKeys, at?: number): string => {
  try {
    read(token, keys, at);
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
};
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  it('is read when one of our keys has signed it', () => {
    const claims = { sub: 'user', sid: 'session', aud: 'veche', exp: seconds + 900, ans: 3 };
    expect(read(signed())).toEqual(claims);
    expect(read(signed({}, { algorithm: 'RS256', privateKey: pem(rsa), keyid: 'rsa' }))).toEqual(claims);
    const shared = jwt.sign(payload, { algorithm: 'HS256', secret });
    expect(read(shared, TokenKeys.fromSecret(secret))).toEqual(claims);
    // made before there were such numbers
    expect(read(signed({ ans: undefined })).ans).toBe(0);
  });

  it('has expired at its last second, and not before', () => {
    expect(refusal(signed(), undefined, now + 899_999)).toBe('accepted');
    expect(refusal(signed(), undefined, now + 900_000)).toBe('token_expired');
  });

  it('is refused without a signature, whatever its header says', () => {
    const unsigned = (header: object): string => `${encoded(header)}.${encoded(payload)}.`;
    expect(refusal(unsigned({ alg: 'none', typ: 'JWT' }))).toBe('invalid_token');
    expect(refusal(unsigned({ alg: 'none', typ: 'JWT', kid: 'ec' }))).toBe('invalid_token');
    expect(refusal(unsigned({ alg: 'none', typ: 'JWT' }), TokenKeys.fromSecret(secret))).toBe(
      'invalid_token',
    );
  });

  it('is refused when the public key was used as a secret', () => {
    for (const [kid, pair] of Object.entries({ ec, rsa })) {
      const body = `${encoded({ alg: 'HS256', typ: 'JWT', kid })}.${encoded(payload)}`;
      const mac = createHmac('sha256', publicPem(pair)).update(body).digest('base64url');
      expect(refusal(`${body}.${mac}`)).toBe('invalid_token');
    }
  });

  it('is refused when a key of ours was used with the algorithm of another', () => {
    expect(refusal(signed({}, { algorithm: 'RS256', privateKey: pem(rsa), keyid: 'ec' }))).toBe(
      'invalid_token',
    );
    expect(refusal(signed({}, { algorithm: 'RS512', privateKey: pem(rsa), keyid: 'rsa' }))).toBe(
      'invalid_token',
    );
  });

  it('is refused from a stranger, with a known or an unknown key id or none', () => {
    for (const keyid of ['ec', 'elsewhere', '__proto__'])
      expect(refusal(signed({}, { privateKey: pem(stranger), keyid }))).toBe('invalid_token');
    expect(refusal(jwt.sign(payload, { algorithm: 'ES256', privateKey: pem(ec) }))).toBe('invalid_token');
  });

  it('is refused for another application, from another issuer, or when a claim is missing', () => {
    for (const changes of [
      { aud: 'elsewhere' },
      { aud: ['elsewhere', 'veche'] },
      { aud: undefined },
      { iss: 'somebody' },
      { sub: undefined },
      { sid: 7 },
      { exp: undefined },
      { ans: '3' },
    ])
      expect([changes, refusal(signed(changes))]).toEqual([changes, 'invalid_token']);
  });

  it('is refused when anything in it was changed', () => {
    const [header = '', , signature = ''] = signed().split('.');
    expect(refusal(`${header}.${encoded({ ...payload, sub: 'admin' })}.${signature}`)).toBe('invalid_token');
    for (const token of ['', '.', '..', 'a.b.c', 'not a token', `${signed()}x`, 'e30.e30.e30', '\0', 'é.é.é'])
      expect([token, refusal(token)]).toEqual([token, 'invalid_token']);
  });
});
