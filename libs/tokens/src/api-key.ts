import { AppError } from '@veche/errors';
import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Letters and digits alone, so that a double click takes all of a key. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 256 bits: 62 to the power of 43. */
const RANDOM = 43;
const PREFIX = 'vk_';
/** What secret scanners may look for: `vk_`, 43 random characters and 7 of a checksum. */
const SHAPE = /^vk_[0-9A-Za-z]{43}[0-9a-z]{7}$/;

const checksum = (text: string): string => crc32(text).toString(36).padStart(7, '0');

/** The secret of a new API key. */
export const newApiKey = (): string => {
  const random = Array.from({ length: RANDOM }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${PREFIX}${random}${checksum(PREFIX + random)}`;
};

/** What a secret begins with: enough to know it by, and too little to guess the rest. */
export const hintOf = (secret: string): string => secret.slice(0, PREFIX.length + 6);

/** Whether what somebody shows is meant as an API key: no token of ours or another issuer's begins so. */
export const isMeantAsApiKey = (token: string): boolean => token.startsWith(PREFIX);

/**
 * That it has the shape of one and was not mistyped or cut off; whether it is one, auth knows.
 * @throws AppError `invalid_token`
 */
export const assertApiKey = (secret: string): void => {
  const cut = PREFIX.length + RANDOM;
  if (!SHAPE.test(secret) || checksum(secret.slice(0, cut)) !== secret.slice(cut))
    throw new AppError('invalid_token', { detail: 'This is not a whole API key' });
};
