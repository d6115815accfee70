import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { grpcTargetOf, isListenable } from './grpc-address';

/** Each rule says what to write, to whoever reads it where the start has failed; never the value, which may be a secret. */
const Rule = (mustBe: string, holds: (value: unknown) => boolean): PropertyDecorator =>
  ValidateBy({
    name: mustBe,
    validator: { validate: holds, defaultMessage: () => `$property must be ${mustBe}` },
  });

const read = (as: (text: string) => unknown): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? as(value) : value));

const matching =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);

const all = (holds: (value: unknown) => boolean) => (values: unknown) =>
  Array.isArray(values) && values.every(holds);

const both =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, property) =>
    decorators.forEach((decorate) => decorate(target, property));

export const Text = (): PropertyDecorator => Rule('some text', matching(/\S/));
export const Secret = (length: number): PropertyDecorator =>
  Rule(`at least ${length} characters`, (value) => typeof value === 'string' && value.length >= length);
export const Flag = (): PropertyDecorator =>
  both(
    read((text) => (text === 'true' ? true : text === 'false' ? false : text)),
    Rule('true or false', (value) => typeof value === 'boolean'),
  );
export const Whole = (min: number, max = Number.MAX_SAFE_INTEGER): PropertyDecorator =>
  both(
    read((text) => (/^\s*-?\d+\s*$/.test(text) ? Number(text) : text)),
    Rule(
      max === Number.MAX_SAFE_INTEGER
        ? `a whole number, ${min} or more`
        : `a whole number from ${min} to ${max}`,
      (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
    ),
  );
export const PortOrOff = (): PropertyDecorator =>
  both(
    read((text) => (text === 'off' ? 0 : /^\d+$/.test(text) ? Number(text) : text)),
    Rule(
      'a port, or off',
      (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 65535,
    ),
  );
export const OneOf = (...words: readonly string[]): PropertyDecorator =>
  Rule(`one of ${words.join(', ')}`, (value) => words.includes(value as string));
const List = (mustBe: string, one: RegExp): PropertyDecorator =>
  both(
    read((text) => text.split(',').map((part) => part.trim())),
    Rule(mustBe, all(matching(one))),
  );

// where a password stands it is one: an empty one is a setting that was forgotten
export const PostgresUrl = (): PropertyDecorator =>
  Rule(
    'the URL of a PostgreSQL database, such as postgres://user:password@host:5432/name',
    matching(/^postgres(ql)?:\/\/(?![^/@]*:@)/),
  );
export const RedisUrl = (): PropertyDecorator =>
  Rule(
    'the URL of a Redis, such as redis://:password@host:6379, or rediss:// for TLS',
    matching(/^rediss?:\/\/(?![^/@]*:@)/),
  );
export const HttpUrl = (): PropertyDecorator =>
  Rule('a URL, such as http://127.0.0.1:4318', matching(/^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/));
const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
};
/** `key=value,key2=value2`, with what would be taken for a sign of it percent-encoded (W3C Baggage). */
export const Pairs = (): PropertyDecorator =>
  both(
    read((text) => {
      const pairs = text.split(',').map((pair) => /^\s*([^=\s]+)\s*=(.*)$/.exec(pair));
      const read = pairs.map((pair) => [pair?.[1], decoded(pair?.[2] ?? '')] as const);
      return read.every(([name, value]) => name && value !== undefined) ? Object.fromEntries(read) : text;
    }),
    Rule('names with their values, such as api-key=abc,team=chat', (value) => typeof value === 'object'),
  );
export const Part = (): PropertyDecorator =>
  both(
    read((text) => (/^\s*\d*\.?\d+\s*$/.test(text) ? Number(text) : text)),
    Rule('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1),
  );
export const Brokers = (): PropertyDecorator =>
  List(
    'some brokers of Kafka, host:port each with commas between them',
    /^[A-Za-z0-9][A-Za-z0-9._-]*:\d{1,5}$/,
  );
export const TopicPrefix = (): PropertyDecorator =>
  Rule('at most 100 of a-z A-Z 0-9 . _ -', matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/));
export const Origins = (): PropertyDecorator =>
  List(
    'origins with commas between them, each a scheme and a host without a path, such as https://chat.example.org',
    /^https?:\/\/[^\s/?#@*]+$/,
  );
export const AppIds = (): PropertyDecorator =>
  List(
    'names with commas between them, each of at most 64 of a-z 0-9 _ . - and beginning with a letter or a digit',
    /^[a-z0-9][a-z0-9_.-]{0,63}$/,
  );
const ADDRESS = 'host:port ([::1]:50051 for IPv6) or unix:/path';
export const Listen = (): PropertyDecorator =>
  Rule(ADDRESS, (value) => typeof value === 'string' && isListenable(value));
export const Peers = (): PropertyDecorator =>
  Rule(
    `${ADDRESS}, or several IP addresses of one family with commas between them`,
    (value) => typeof value === 'string' && grpcTargetOf(value) !== undefined,
  );
