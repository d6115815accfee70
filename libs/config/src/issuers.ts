import { type RoleName, ROLES } from '@veche/access';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { parse } from 'yaml';

/** Signed by a key that the issuer alone has. A secret that two know is no proof of who has signed. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** The `iss` of our own tokens. */
const OURS = 'veche';

/** A key that was given and not fetched. */
export interface GivenKey {
  readonly kid: string | undefined;
  readonly key: KeyObject;
}

/** Somebody else whose tokens are taken for what they say. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Where keys come from: from the JWKS of an address, from what OpenID Connect publishes there, or they were given. */
  readonly keys:
    | { readonly from: 'jwks' | 'discovery'; readonly url: string }
    | { readonly from: 'given'; readonly given: readonly GivenKey[] };
  /** The names of claims. */
  readonly claims: {
    readonly id: string;
    readonly displayName: string;
    readonly username: string;
    readonly email: string;
    readonly role: string | undefined;
  };
  /** What the values of the role's claim mean. */
  readonly roles: Readonly<Record<string, RoleName>>;
  readonly highestRole: RoleName;
}

class Wrong extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (of: Fields, name: string): string | undefined => {
  const value = of[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.trim() === '') throw new Wrong(`${name} must be some text`);
  return value;
};
const texts = (of: Fields, name: string): string[] | undefined => {
  const value = of[name];
  if (value === undefined) return undefined;
  const all: unknown[] = Array.isArray(value) ? value : [value];
  if (all.length === 0 || !all.every((one) => typeof one === 'string' && one !== ''))
    throw new Wrong(`${name} must be a text or a list of texts`);
  return all as string[];
};
const onlyFields = (of: Fields, known: readonly string[], where: string): void => {
  const unknown = Object.keys(of).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Wrong(`${where}${unknown} is unknown`);
};
const isRole = (value: unknown): value is RoleName => (ROLES as readonly unknown[]).includes(value);
const urlOf = (value: string, name: string): string => {
  const url = URL.parse(value);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new Wrong(`${name} must be a URL`);
  return value;
};

const publicKey = (key: string | JsonWebKey): KeyObject => {
  let read: KeyObject;
  try {
    read = typeof key === 'string' ? createPublicKey(key) : createPublicKey({ key, format: 'jwk' });
  } catch {
    throw new Wrong('keys must be public keys, in PEM or as a list of JWK');
  }
  if ((typeof key === 'string' && key.includes('PRIVATE')) || (typeof key !== 'string' && 'd' in key))
    throw new Wrong('keys must be public keys: a private one belongs to its issuer alone');
  return read;
};
const PEM = /-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g;
const givenKeys = (value: unknown): GivenKey[] => {
  if (typeof value === 'string') {
    const found = value.match(PEM) ?? [];
    if (found.length === 0) throw new Wrong('keys must be public keys, in PEM or as a list of JWK');
    return found.map((pem) => ({ kid: undefined, key: publicKey(pem) }));
  }
  const list: unknown[] = Array.isArray(value)
    ? value
    : isObject(value) && Array.isArray(value.keys)
      ? value.keys
      : [];
  if (list.length === 0 || !list.every(isObject))
    throw new Wrong('keys must be public keys, in PEM or as a list of JWK');
  return list.map((jwk) => ({ kid: text(jwk, 'kid'), key: publicKey(jwk as JsonWebKey) }));
};

const FIELDS = ['issuer', 'audience', 'jwksUrl', 'keys', 'algorithms', 'claims', 'roles', 'highestRole'];
const CLAIMS = ['id', 'displayName', 'username', 'email', 'role'];

const issuerOf = (given: unknown): TrustedIssuer => {
  if (!isObject(given)) throw new Wrong('each has at least issuer and audience');
  onlyFields(given, FIELDS, '');
  const issuer = text(given, 'issuer');
  if (issuer === undefined || issuer === OURS)
    throw new Wrong(`issuer must be what the tokens have as iss, and not ${OURS}`);
  const audience = texts(given, 'audience');
  if (!audience) throw new Wrong('audience must be set: tokens for others are not for Veche');
  const algorithms = texts(given, 'algorithms') ?? ALGORITHMS;
  if (!algorithms.every((name) => ALGORITHMS.includes(name)))
    throw new Wrong(`algorithms must be some of ${ALGORITHMS.join(', ')}`);
  const jwksUrl = text(given, 'jwksUrl');
  if (jwksUrl !== undefined && given.keys !== undefined)
    throw new Wrong('jwksUrl and keys exclude each other');
  const claims = given.claims ?? {};
  if (!isObject(claims)) throw new Wrong('claims must be names of claims');
  onlyFields(claims, CLAIMS, 'claims.');
  const roles = given.roles ?? Object.fromEntries(ROLES.map((role) => [role, role]));
  if (!isObject(roles) || !Object.values(roles).every(isRole))
    throw new Wrong(`roles must say of values of the claim which of ${ROLES.join(', ')} they are`);
  const highestRole = given.highestRole ?? 'user';
  if (!isRole(highestRole)) throw new Wrong(`highestRole must be one of ${ROLES.join(', ')}`);
  return {
    issuer,
    audience,
    algorithms,
    keys:
      given.keys !== undefined
        ? { from: 'given', given: givenKeys(given.keys) }
        : jwksUrl !== undefined
          ? { from: 'jwks', url: urlOf(jwksUrl, 'jwksUrl') }
          : {
              from: 'discovery',
              url: `${urlOf(issuer, 'issuer, where neither jwksUrl nor keys are given,').replace(/\/$/, '')}/.well-known/openid-configuration`,
            },
    claims: {
      id: text(claims, 'id') ?? 'sub',
      displayName: text(claims, 'displayName') ?? 'name',
      username: text(claims, 'username') ?? 'preferred_username',
      email: text(claims, 'email') ?? 'email',
      role: text(claims, 'role'),
    },
    roles: roles as Record<string, RoleName>,
    highestRole,
  };
};

/** @returns what is wrong with it, in words, where it cannot be read */
const read = (given: string): TrustedIssuer[] | Wrong => {
  try {
    const parsed: unknown = parse(given);
    if (!Array.isArray(parsed)) throw new Wrong('each has at least issuer and audience');
    const issuers = parsed.map(issuerOf);
    if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length)
      throw new Wrong('names one issuer twice');
    return issuers;
  } catch (error) {
    // the parser's own words show what stands there
    return error instanceof Wrong ? error : new Wrong('it is neither YAML nor JSON');
  }
};

/** Issuers in YAML or JSON. The rule says what is wrong, and shows no value. */
export const Issuers =
  (): PropertyDecorator =>
  (target, property): void => {
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? read(value) : value))(
      target,
      property,
    );
    ValidateBy({
      name: 'issuers',
      validator: {
        validate: (value: unknown) => Array.isArray(value),
        defaultMessage: (given?: ValidationArguments) => {
          const why = (given?.value as Partial<Wrong> | undefined)?.message;
          return `$property must be a list of issuers${why ? `: ${why}` : ''}`;
        },
      },
    })(target, property);
  };
