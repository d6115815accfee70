import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Server, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { type CustomStrategy, type GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import type { Contract, Definition } from '@veche/contracts';
import { ROOT } from '@veche/config';
import { HealthImplementation } from 'grpc-health-check';
import { rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

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

/** The socket in the file system of a process that was killed: nobody listens at it, and nobody else could. */
const removeWhatWasLeft = async (url: string): Promise<void> => {
  const path = /^unix:(?:\/\/)?(.+)$/.exec(url)?.[1];
  if (!path || !(await stat(path).catch(() => undefined))?.isSocket()) return;
  const isServed = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
  if (!isServed) await rm(path, { force: true });
};

/** For reflection. */
const PROTO_ROOT = join(ROOT, 'proto');

/** How often the health of a server is brought up to date. */
const HEALTH_MS = 2_000;

class GrpcServer extends ServerGrpc {
  private watch?: NodeJS.Timeout;

  constructor(
    private readonly given: GrpcOptions['options'],
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
    await super.close();
  }

  /** @throws Error that says where nobody can listen: grpc-js says only that it is nowhere */
  override async createClient(): Promise<unknown> {
    try {
      await removeWhatWasLeft(this.given.url ?? '');
      return (await super.createClient()) as unknown;
    } catch (cause) {
      throw new Error(`cannot listen at ${this.given.url} for gRPC: is it taken already?`, { cause });
    }
  }
}

/**
 * The options of a Nest gRPC microservice that serves these contracts, with reflection and
 * `grpc.health.v1` beside them.
 */
export const grpcServer = (
  url: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- contracts of different services in one list
  contracts: readonly Contract<any>[],
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
    maxReceiveMessageLength: MAX_REQUEST_BYTES,
    // calls that came before the end are answered
    gracefulShutdown: true,
    channelOptions: { 'grpc.keepalive_permit_without_calls': 1 },
    onLoadPackageDefinition: (_definition: unknown, server: Server) => {
      const described = loadSync(contracts.map(fileOf), { includeDirs: [PROTO_ROOT] });
      new ReflectionService(described, { services: names.slice(1) }).addToServer(server);
      health.addToServer(server);
      endStreamsAtShutdown(server);
    },
  };
  return { strategy: new GrpcServer(options, health, names) };
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
