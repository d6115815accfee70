import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { generateKeyPairSync } from 'node:crypto';
import { Config } from './config';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const issuer = { issuer: 'https://login.example.org/', audience: 'chat' };
const load = (given: string): { config: Config; wrong: string[] } => {
  const config = plainToInstance(Config, { TRUSTED_ISSUERS: given }, { exposeDefaultValues: true });
  return { config, wrong: validateSync(config).flatMap((e) => Object.values(e.constraints ?? {})) };
};
const wrongWith = (more: object): string[] => load(JSON.stringify([{ ...issuer, ...more }])).wrong;

it('issuers are read from JSON and YAML, with asymmetric algorithms and the claims of OpenID Connect', () => {
  const yaml = '- issuer: https://login.example.org/\n  audience: chat\n';
  for (const given of [JSON.stringify([issuer]), yaml]) {
    const { config, wrong } = load(given);
    expect(wrong).toEqual([]);
    expect(config.TRUSTED_ISSUERS).toEqual([
      expect.objectContaining({
        issuer: 'https://login.example.org/',
        audience: ['chat'],
        keys: {
          from: 'discovery',
          url: 'https://login.example.org/.well-known/openid-configuration',
        },
        claims: expect.objectContaining({ id: 'sub', email: 'email', role: undefined }),
        highestRole: 'user',
      }),
    ]);
    expect(config.TRUSTED_ISSUERS[0]?.algorithms.filter((name) => name.startsWith('HS'))).toEqual([]);
  }
});

it('keys may be given, in PEM or as JWK', () => {
  for (const keys of [
    pem,
    [publicKey.export({ format: 'jwk' })],
    { keys: [publicKey.export({ format: 'jwk' })] },
  ]) {
    const { config, wrong } = load(JSON.stringify([{ ...issuer, issuer: 'anything', keys }]));
    expect(wrong).toEqual([]);
    expect(config.TRUSTED_ISSUERS[0]?.keys).toMatchObject({
      from: 'given',
      given: [{ key: { type: 'public' } }],
    });
  }
});

it.each<[string, object, string]>([
  ['no audience', { audience: undefined }, 'audience must be set'],
  ['our own name', { issuer: 'veche' }, 'not veche'],
  ['a secret for an algorithm', { algorithms: ['HS256'] }, 'algorithms must be some of'],
  ['no algorithm', { algorithms: ['none'] }, 'algorithms must be some of'],
  ['two places for keys', { jwksUrl: 'https://x.example/jwks', keys: pem }, 'exclude each other'],
  ['a private key', { keys: privateKey.export({ type: 'pkcs8', format: 'pem' }) }, 'public keys'],
  ['a private JWK', { keys: [privateKey.export({ format: 'jwk' })] }, 'public keys'],
  ['no keys in a list', { keys: [] }, 'public keys'],
  ['a name that is no place', { issuer: 'us' }, 'must be a URL'],
  ['a file', { jwksUrl: 'file:///etc/passwd' }, 'jwksUrl must be a URL'],
  ['a role that there is not', { highestRole: 'emperor' }, 'highestRole must be one of'],
  ['a misspelt field', { audiences: 'chat' }, 'audiences is unknown'],
  ['a misspelt claim', { claims: { mail: 'x' } }, 'claims.mail is unknown'],
])('an issuer with %s is refused', (_what, more, why) => {
  expect(wrongWith(more)).toEqual([expect.stringContaining(why)]);
});

it.each(['issuer: x', '"text"', '[1]', '- [', JSON.stringify([issuer, issuer])])(
  '%p is no list of issuers',
  (given) => {
    const { wrong } = load(given);
    expect(wrong).toEqual([expect.stringContaining('TRUSTED_ISSUERS')]);
  },
);
