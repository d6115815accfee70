import { BinaryReader } from '@bufbuild/protobuf/wire';
import { Server, type ServerOptions, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { type CustomStrategy, type GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import type { Contract, Definition } from '@veche/contracts';
import { ROOT } from '@veche/config';
import { HealthImplementation } from 'grpc-health-check';
import { join } from 'node:path';
import { Credential } from './credential';
import { doorOf } from './door';
import { Listener } from './listener';
import { PLAIN, type Tls } from './tls';

/** Stands in for a request that could not be decoded, so that it is refused with a code like any bad input. */
export class Unreadable {
  constructor(readonly reason: string) {}
}

/** What strangers may send in one message; the largest legitimate request is far below. */
const MAX_REQUEST_BYTES = 256 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const strict = (bytes: Uint8Array): string => utf8.decode(bytes);

/** proto3 strings are UTF-8; the generated decoder would put replacement characters where they are not. */
const checked = (definition: ServiceDefinition): ServiceDefinition =>
  Object.fromEntries(
    Object.entries(definition).map(([method, d]) => [
      method,
      {
        ...d,
        requestDeserialize: (bytes: Buffer): unknown => {
          try {
            return d.requestDeserialize(new BinaryReader(bytes, strict) as unknown as Buffer);
          } catch {
            return new Unreadable('The message is not valid protobuf, or a string in it is not UTF-8');
          }
        },
      },
    ]),
  );

/** For reflection. */
const PROTO_ROOT = join(ROOT, 'proto');

/** How often the health of a server is brought up to date. */
const HEALTH_MS = 2_000;

/** What a process of its own gives its gRPC door. */
export interface DoorOptions {
  /** The credential of services: their calls are not counted as a stranger's are. */
  readonly serviceToken?: string;
  readonly tls?: Tls;
  /** Whether the server tells what it serves; true where nothing is said. */
  readonly reflection?: boolean;
}

/** What holds for whoever connects; a client of grpc-js or of gRPC in any language connects anew by itself. */
const BOUNDS: ServerOptions = {
  'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
  // more than a gateway has under way at once, whose calls then wait for each other
  'grpc.max_concurrent_streams': 4_000,
  // a peer that vanished without a word is noticed, and who asks nothing is not kept
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.max_connection_idle_ms': 300_000,
  'grpc.keepalive_permit_without_calls': 1,
};

class GrpcServer extends ServerGrpc {
  private watch?: NodeJS.Timeout;
  private listener?: Listener;

  constructor(
    private readonly given: GrpcOptions['options'],
    private readonly door: DoorOptions,
    private readonly health: HealthImplementation,
    private readonly names: readonly string[],
  ) {
    super(given);
  }

  /** From now on `grpc.health.v1` tells whether the process is able to do its work. */
  tell(able: () => Promise<boolean>): void {
    const look = async (): Promise<void> => {
      const status = (await able()) ? 'SERVING' : 'NOT_SERVING';
      for (const name of this.names) this.health.setStatus(name, status);
    };
    void look();
    this.watch = setInterval(() => void look(), HEALTH_MS).unref();
  }

  override async close(): Promise<void> {
    clearInterval(this.watch);
    this.listener?.close();
    await super.close();
  }

  /**
   * In the place of Nest's, so that connections can be counted before anything is known of them.
   * @throws Error that says where nobody can listen
   */
  override async createClient(): Promise<unknown> {
    const { serviceToken, tls = PLAIN } = this.door;
    const credential = serviceToken === undefined ? undefined : new Credential(serviceToken);
    const server = new Server({ ...BOUNDS, interceptors: [doorOf(credential)] });
    const injector = server.createConnectionInjector(tls.server);
    this.listener = new Listener((socket) => injector.injectConnection(socket));
    try {
      await this.listener.listen(this.given.url ?? '');
    } catch (cause) {
      throw new Error(`cannot listen at ${this.given.url} for gRPC: is it taken already?`, { cause });
    }
    return server;
  }
}

/**
 * The options of a Nest gRPC microservice that serves these contracts, with `grpc.health.v1` and
 * reflection beside them.
 */
export const grpcServer = (
  url: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- contracts of different services in one list
  contracts: readonly Contract<any>[],
  door: DoorOptions = {},
): CustomStrategy & { strategy: GrpcServer } => {
  const names = ['', ...contracts.map((c) => `${c.package}.${c.service}`)];
  const health = new HealthImplementation(Object.fromEntries(names.map((n) => [n, 'SERVING' as const])));
  const options: GrpcOptions['options'] = {
    url,
    package: [...new Set(contracts.map((c) => c.package))],
    packageDefinition: Object.fromEntries(
      contracts.map((c) => [
        `${c.package}.${c.service}`,
        checked(c.definition as Definition as ServiceDefinition),
      ]),
    ),
    // calls that came before the end are answered
    gracefulShutdown: true,
    onLoadPackageDefinition: (_definition: unknown, server: Server) => {
      if (door.reflection ?? true) {
        const described = loadSync(contracts.map(fileOf), { includeDirs: [PROTO_ROOT] });
        new ReflectionService(described, { services: names.slice(1) }).addToServer(server);
      }
      health.addToServer(server);
      endStreamsAtShutdown(server);
    },
  };
  return { strategy: new GrpcServer(options, door, health, names) };
};

/** What a call that came before the end may still take; a stream never ends by itself. */
const LAST_CALLS_MS = 2_000;

/**
 * Without it, a graceful shutdown waits for as long as anybody follows a stream, and for machines that have vanished.
 * Who follows resumes at another replica.
 */
const endStreamsAtShutdown = (server: Pick<Server, 'tryShutdown' | 'forceShutdown'>): void => {
  const tryShutdown = server.tryShutdown.bind(server);
  server.tryShutdown = (done) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      // a connection whose other end is gone is never reported as closed, force or not
      done();
    }, LAST_CALLS_MS);
    tryShutdown((error) => {
      clearTimeout(force);
      done(error);
    });
  };
};

/** `veche.auth.v1`, `AuthService` → `veche/auth/v1/auth_service.proto`; buf's lint keeps it so. */
const fileOf = (c: { package: string; service: string }): string =>
  `${c.package.replaceAll('.', '/')}/${c.service.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()}.proto`;
