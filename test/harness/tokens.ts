import { createHmac, createSign, type KeyObject } from 'node:crypto';

export interface Token {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

const part = (value: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(value ?? '', 'base64url').toString()) as Record<string, unknown>;

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON Web Token taken apart (RFC 7519). */
export const decode = (token: string): Token => {
  const [header, payload] = token.split('.');
  return { header: part(header), payload: part(payload) };
};

const signed = (token: Token, signature: (input: string) => string): string => {
  const input = `${encoded(token.header)}.${encoded(token.payload)}`;
  return `${input}.${signature(input)}`;
};

/** Signed as RS256 (RFC 7518, 3.3), whatever the header says. */
export const signRs256 = (token: Token, key: KeyObject): string =>
  signed(token, (input) => createSign('sha256').update(input).sign(key).toString('base64url'));

/** Signed as HS256 (RFC 7518, 3.2), whatever the header says. */
export const signHs256 = (token: Token, secret: string): string =>
  signed(token, (input) => createHmac('sha256', secret).update(input).digest('base64url'));

export const unsigned = (token: Token): string => signed(token, () => '');
