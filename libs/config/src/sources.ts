import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { misspelt } from './misspelt';

/** What is given for a setting. */
export interface Given {
  readonly value: string;
  /** In words, where it was found. */
  readonly from: string;
}

/** Settings that may be the content of a file, as orchestrators give secrets: `DATABASE_URL_FILE` and so on. */
export const SECRETS = [
  'DATABASE_URL',
  'AUTH_DATABASE_URL',
  'CHAT_DATABASE_URL',
  'REDIS_URL',
  'KAFKA_SASL_PASSWORD',
  'SERVICE_TOKEN',
  'JWT_SECRET',
  'TRUSTED_ISSUERS',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const;
/** Names a file in YAML with settings by their names. */
const CONFIG_FILE = 'CONFIG_FILE';
/** Settings that are more than a value or a list of values. */
const STRUCTURED: readonly string[] = ['TRUSTED_ISSUERS'];
const fileOf = (name: string): string => `${name}_FILE`;

type Values = Readonly<Record<string, string | undefined>>;
interface Source {
  readonly from: string;
  readonly values: Values;
}

/**
 * Looks for settings in the environment, in a `.env` file beneath the process and in the file of `CONFIG_FILE`; where
 * several have one, the first does. In each of them a secret may stand as the name of a file that holds it.
 * @param names every setting there is
 * @returns what is given, by its name, and in words what cannot be right; no value is shown in them
 */
export const givenSettings = (
  environment: Values,
  names: readonly string[],
): { given: ReadonlyMap<string, Given>; reasons: string[] } => {
  const reasons: string[] = [];
  const known = [...names, ...SECRETS.map(fileOf), CONFIG_FILE];
  const sources: Source[] = [{ from: 'the environment', values: environment }];
  if (existsSync('.env')) sources.push({ from: '.env', values: parseEnv(readFileSync('.env', 'utf8')) });
  for (const { values } of sources) reasons.push(...misspelt(namesIn(values), known));
  const path = sources.map(({ values }) => values[CONFIG_FILE]).find((value) => value);
  if (path) sources.push({ from: path, values: readFile(path, known, reasons) });

  const given = new Map<string, Given>();
  for (const name of names) {
    for (const { from, values } of sources) {
      const found = foundIn(values, name, from, reasons);
      if (!found) continue;
      given.set(name, found);
      break;
    }
  }
  return { given, reasons: [...new Set(reasons)] };
};

const namesIn = (values: Values): string[] => Object.keys(values).filter((name) => values[name]);

const foundIn = (values: Values, name: string, from: string, reasons: string[]): Given | undefined => {
  const value = values[name];
  const file = (SECRETS as readonly string[]).includes(name) ? values[fileOf(name)] : undefined;
  if (value && file)
    reasons.push(`${name} and ${fileOf(name)} are both set in ${from}: one of them is enough`);
  if (value) return { value, from };
  if (!file) return undefined;
  try {
    return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, ''), from: `${fileOf(name)} in ${from}` };
  } catch (error) {
    reasons.push(
      `${fileOf(name)} must name a file that can be read (${(error as NodeJS.ErrnoException).code})`,
    );
    return undefined;
  }
};

/** Names that nobody knows are refused here: there is nothing of anybody else's in this file. */
const readFile = (path: string, known: readonly string[], reasons: string[]): Values => {
  const content = contentOf(path, reasons);
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(content)) {
    if (!known.includes(name) || name === CONFIG_FILE) reasons.push(`${name} in ${path} is unknown`);
    else if (STRUCTURED.includes(name) && Array.isArray(value)) values[name] = JSON.stringify(value);
    else if (isScalar(value)) values[name] = String(value);
    else if (Array.isArray(value) && value.every(isScalar)) values[name] = value.join(',');
    else if (value !== null) reasons.push(`${name} in ${path} must be a value or a list of values`);
  }
  return values;
};

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const contentOf = (path: string, reasons: string[]): object => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    reasons.push(`${CONFIG_FILE} must name a file that can be read (${code})`);
    return {};
  }
  try {
    const content: unknown = parse(text) ?? {};
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch {
    // the parser's own words show what stands there
  }
  reasons.push(`${path} must be YAML, a line NAME: value for each setting`);
  return {};
};
