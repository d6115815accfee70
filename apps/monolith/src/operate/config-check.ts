import { readConfig, SECRETS } from '@veche/config';

const HIDDEN: ReadonlySet<string> = new Set(SECRETS);

/** Says what is set and where it was found, never the value of a secret, and what is wrong with it. */
export const checkConfiguration = (say: (line: string) => void): boolean => {
  const { given, reasons } = readConfig();
  for (const [name, { value, from }] of [...given].sort(([a], [b]) => a.localeCompare(b)))
    say(`${name}=${HIDDEN.has(name) ? '(secret)' : value}  from ${from}`);
  if (given.size === 0) say('Nothing is set: every setting has its default.');
  for (const reason of reasons) say(`wrong: ${reason}`);
  return reasons.length === 0;
};
