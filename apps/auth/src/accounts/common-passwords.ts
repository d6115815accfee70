import { dictionary } from '@zxcvbn-ts/language-common';
import { guessKey } from './password.rules';

/** Shorter ones are refused for their length. */
const MIN_LENGTH = 8;

const common = new Set(
  dictionary['passwords-common'].map(guessKey).filter((key) => key.length >= MIN_LENGTH),
);

/** Whether a password, by its key, is one of those that were found most often where passwords got out. */
export const isCommonPassword = (key: string): boolean => common.has(key);
