import { IsOptional } from 'class-validator';
import { join } from 'node:path';
import { Issuers, type TrustedIssuer } from './issuers';
import {
  AppIds,
  Brokers,
  Flag,
  HttpUrl,
  Listen,
  OneOf,
  Origins,
  Pairs,
  Part,
  Peers,
  PortOrOff,
  PostgresUrl,
  RedisUrl,
  Secret,
  Text,
  TopicPrefix,
  Whole,
} from './settings';

/** How a broker of Kafka may be told who we are. */
const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** Everything that can be set. One variable of the environment each; `.env.example` explains them to operators. */
export class Config {
  @Text() HOST = '127.0.0.1';
  @Whole(0, 65535) PORT = 8080;
  /** Origins whose pages may call the gateway from a browser, besides its own. */
  @Origins() CORS_ORIGINS: string[] = [];
  /** Whether X-Forwarded-* headers are believed, of the nearest peer alone: only behind a proxy that sets them. */
  @Flag() TRUST_PROXY = false;
  /** Secure cookies: set it where the gateway is reached by HTTPS. */
  @Flag() SECURE_COOKIES = false;

  @Text() DATA_DIR = './data';
  @IsOptional() @PostgresUrl() DATABASE_URL?: string;
  @IsOptional() @PostgresUrl() AUTH_DATABASE_URL?: string;
  @IsOptional() @PostgresUrl() CHAT_DATABASE_URL?: string;
  @Whole(1, 200) DATABASE_POOL = 10;
  /** Whether a start brings the tables to this version; where it does not, `veche migrate up` does. */
  @Flag() MIGRATE_ON_START = true;
  @IsOptional() @RedisUrl() REDIS_URL?: string;
  /** Where they are set, Kafka carries what replicas tell each other, and Redis only caches. */
  @IsOptional() @Brokers() KAFKA_BROKERS?: string[];
  @TopicPrefix() KAFKA_TOPIC_PREFIX = 'veche';
  /** Of a topic with the news of rooms, where Veche makes it. */
  @Whole(1, 1_000) KAFKA_PARTITIONS = 32;
  /** Whether brokers are reached by TLS; a certificate or a CA for them says so too. */
  @Flag() KAFKA_TLS = false;
  /** Whose certificates are believed, of brokers; unset: those that Node believes. */
  @IsOptional() @Text() KAFKA_TLS_CA_FILE?: string;
  /** Certificate and key that brokers are shown who ask for one. */
  @IsOptional() @Text() KAFKA_TLS_CERT_FILE?: string;
  @IsOptional() @Text() KAFKA_TLS_KEY_FILE?: string;
  @IsOptional() @OneOf(...SASL_MECHANISMS) KAFKA_SASL_MECHANISM?: SaslMechanism;
  @IsOptional() @Text() KAFKA_SASL_USERNAME?: string;
  @IsOptional() @Text() KAFKA_SASL_PASSWORD?: string;

  @Peers() AUTH_GRPC_URL = '127.0.0.1:50051';
  @Peers() CHAT_GRPC_URL = '127.0.0.1:50052';
  /** Where a service on its own listens; its default is the one that the others look for it at. */
  @IsOptional() @Listen() GRPC_URL?: string;
  @IsOptional() @Secret(16) SERVICE_TOKEN?: string;
  /** Certificate and key by which this process offers TLS over gRPC, and which it shows to services that ask for one. */
  @IsOptional() @Text() GRPC_TLS_CERT_FILE?: string;
  @IsOptional() @Text() GRPC_TLS_KEY_FILE?: string;
  /** Whose certificates are believed, of services and of clients. */
  @IsOptional() @Text() GRPC_TLS_CA_FILE?: string;
  /** Whether who connects over gRPC has to show a certificate of that CA. */
  @Flag() GRPC_TLS_CLIENT_CERTS = false;
  @IsOptional() @Text() GRPC_TLS_SERVER_NAME?: string;
  /** Whether the gRPC doors tell what they serve (grpc.reflection). */
  @Flag() GRPC_REFLECTION = true;

  @IsOptional() @Text() JWT_PRIVATE_KEY_FILE?: string;
  @IsOptional() @Secret(32) JWT_SECRET?: string;
  @Whole(1) ACCESS_TOKEN_TTL = 900;
  @Whole(1) REFRESH_TOKEN_TTL = 2_592_000;
  /** Seconds that a username that was given up is kept for who had it. */
  @Whole(0) FORMER_USERNAME_TTL = 7_776_000;
  /** The applications that people may log in to; Veche's own doors take tokens for the first. */
  @AppIds() APPS: string[] = ['veche'];
  /** Others whose tokens are taken for what they say, in YAML or JSON. */
  @Issuers() TRUSTED_ISSUERS: TrustedIssuer[] = [];
  @OneOf('open', 'invite', 'closed') REGISTRATION: 'open' | 'invite' | 'closed' = 'open';

  /** Wrong passwords, and registrations, that one network may bring in a minute. */
  @Whole(1) AUTH_RATE_LIMIT = 60;
  /** Requests and socket calls that one user may make in ten seconds; a `sync` is one for each of its rooms, and so are a hundred items of an answer. */
  @Whole(1) RATE_LIMIT = 3000;
  /** Rooms that one user may make in an hour, conversations between two among them. */
  @Whole(1) ROOMS_PER_HOUR = 100;
  /** People that one user may bring into rooms in a day whom they share no room with. */
  @Whole(1) STRANGERS_PER_DAY = 200;

  @Text() METRICS_HOST = '127.0.0.1';
  /** 0: nowhere. Unset: 9464 for a gateway or everything in one process, 9465 for auth, 9466 for chat. */
  @IsOptional() @PortOrOff() METRICS_PORT?: number;

  /** Seconds for which people may edit and delete what they have said; unset: without end. Moderators always may delete. */
  @IsOptional() @Whole(0) EDIT_WINDOW?: number;

  /** Where the bytes of files are: the same folder for every gateway and chat. Unset: `files` under DATA_DIR. */
  @IsOptional() @Text() FILES_DIR?: string;
  /** How large a file may be, how much one person may have, and all together; the last unset: what the disk holds. */
  @Whole(1) FILE_MAX_MB = 100;
  @Whole(1) FILES_PER_USER_MB = 10_240;
  @IsOptional() @Whole(1) FILES_TOTAL_MB?: number;

  /** Where traces go, a receiver of OTLP over HTTP; unset: nothing is traced. */
  @IsOptional() @HttpUrl() OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  /** What the receiver asks for, a key perhaps. */
  @Pairs() OTEL_EXPORTER_OTLP_HEADERS: Record<string, string> = {};
  /** Unset: `veche-gateway` and so on. */
  @IsOptional() @Text() OTEL_SERVICE_NAME?: string;
  @Pairs() OTEL_RESOURCE_ATTRIBUTES: Record<string, string> = {};
  @OneOf('parentbased_always_on', 'parentbased_traceidratio') OTEL_TRACES_SAMPLER:
    'parentbased_always_on' | 'parentbased_traceidratio' = 'parentbased_always_on';
  /** The part of the traces that is kept, with `parentbased_traceidratio`. */
  @Part() OTEL_TRACES_SAMPLER_ARG = 1;

  /** Members from which on a room's entries go to those who look at it, and others are told now and then how far it is. */
  @Whole(2) LARGE_ROOM = 1_000;

  /** Seconds after which the people of a gateway that has fallen silent are off line. */
  @Whole(1, 300) PRESENCE_LEASE = 20;

  @OneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent') LOG_LEVEL = 'info';
}

/** The folder with the bytes of files. */
export const filesFolder = ({ FILES_DIR, DATA_DIR }: Pick<Config, 'FILES_DIR' | 'DATA_DIR'>): string =>
  FILES_DIR ?? join(DATA_DIR, 'files');
