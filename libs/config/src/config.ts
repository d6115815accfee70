import { Transform } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';

const Int = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? Number(value) : value));
const List = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value,
  );
const Flag = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

const POSTGRES = /^postgres(ql)?:\/\//;
const ORIGIN = /^https?:\/\/[^\s/?#@*]+$/;
const REDIS = /^rediss?:\/\//;
const ADDRESS = /^[^\s:,]+:\d{1,5}$/;
const ADDRESSES = /^[^\s:,]+:\d{1,5}(,\s*[^\s:,]+:\d{1,5})*$/;

/** Everything that can be set. One variable of the environment each; `.env.example` explains them to operators. */
export class Config {
  @IsString() @IsNotEmpty() HOST = '127.0.0.1';
  @Int() @IsInt() @Min(0) @Max(65535) PORT = 8080;
  /** Origins whose pages may call the gateway from a browser, besides its own. */
  @List() @IsArray() @Matches(ORIGIN, { each: true }) CORS_ORIGINS: string[] = [];
  /** Whether X-Forwarded-* headers are believed, of the nearest peer alone: only behind a proxy that sets them. */
  @Flag() @IsBoolean() TRUST_PROXY = false;
  /** Secure cookies: set it where the gateway is reached by HTTPS. */
  @Flag() @IsBoolean() SECURE_COOKIES = false;

  @IsString() @IsNotEmpty() DATA_DIR = './data';
  @IsOptional() @Matches(POSTGRES) DATABASE_URL?: string;
  @IsOptional() @Matches(POSTGRES) AUTH_DATABASE_URL?: string;
  @IsOptional() @Matches(POSTGRES) CHAT_DATABASE_URL?: string;
  @Int() @IsInt() @Min(1) @Max(200) DATABASE_POOL = 10;
  @IsOptional() @Matches(REDIS) REDIS_URL?: string;

  @Matches(ADDRESSES) AUTH_GRPC_URL = '127.0.0.1:50051';
  @Matches(ADDRESSES) CHAT_GRPC_URL = '127.0.0.1:50052';
  /** Where a service on its own listens; its default is the one that the others look for it at. */
  @IsOptional() @Matches(ADDRESS) GRPC_URL?: string;
  @IsOptional() @IsString() @MinLength(16) SERVICE_TOKEN?: string;

  @IsOptional() @IsString() @IsNotEmpty() JWT_PRIVATE_KEY_FILE?: string;
  @IsOptional() @IsString() @MinLength(32) JWT_SECRET?: string;
  @Int() @IsInt() @Min(1) ACCESS_TOKEN_TTL = 900;
  @Int() @IsInt() @Min(1) REFRESH_TOKEN_TTL = 2_592_000;
  /** The applications that people may log in to; Veche's own doors take tokens for the first. */
  @List() @IsArray() @ArrayMinSize(1) @Matches(/^[a-z0-9][a-z0-9_.-]{0,63}$/, { each: true }) APPS: string[] =
    ['veche'];
  @IsIn(['open', 'invite', 'closed']) REGISTRATION: 'open' | 'invite' | 'closed' = 'open';

  /** Requests that one address may make in a minute to register, log in or change a password. */
  @Int() @IsInt() @Min(1) AUTH_RATE_LIMIT = 60;
  /** Requests and socket calls that one user may make in ten seconds; a `sync` is one for each of its rooms. */
  @Int() @IsInt() @Min(1) RATE_LIMIT = 3000;

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) LOG_LEVEL = 'info';
}
