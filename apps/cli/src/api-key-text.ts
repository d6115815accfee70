import type { ApiKey } from '@veche/client';
import { printable, styled } from './terminal';

/** A key in a line, for people. */
export const apiKeyText = ({ id, name, hint, scopes, expiresAt, lastUsedAt }: ApiKey): string => {
  const more = [
    scopes.join(', '),
    expiresAt ? `until ${expiresAt}` : 'without an end',
    lastUsedAt ? `last used about ${lastUsedAt.slice(0, 16)}Z` : 'never used',
  ];
  return `${id}  ${hint}…  ${printable(name)}${styled('dim', `  ${more.map(printable).join('; ')}`)}`;
};
