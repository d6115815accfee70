import { Logger } from '@nestjs/common';
import { networkOf, Places } from '@veche/limits';
import { lookup } from 'node:dns/promises';
import { rm, stat } from 'node:fs/promises';
import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { clientAddress } from './client-address';

/** Connections that one network may hold, and all of them: a client of gRPC needs one, a replica of a service a handful. */
const CONNECTIONS = { each: 500, all: 10_000 };
/** A connection that has sent nothing for so long is none of gRPC: its first bytes are the client's. */
const FIRST_WORD_MS = 10_000;

const UNIX = /^unix:(?:\/\/)?(.+)$/;
const HOST_AND_PORT = /^\[?(.+?)\]?:(\d+)$/;

/** The socket in the file system of a process that was killed: nobody listens at it, and nobody else could. */
const removeWhatWasLeft = async (path: string): Promise<void> => {
  if (!(await stat(path).catch(() => undefined))?.isSocket()) return;
  const isServed = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
  if (!isServed) await rm(path, { force: true });
};

const placesOf = async (url: string): Promise<ListenOptions[]> => {
  const path = UNIX.exec(url)?.[1];
  if (path !== undefined) {
    await removeWhatWasLeft(path);
    return [{ path }];
  }
  const [, host = '', port = ''] = HOST_AND_PORT.exec(url) ?? [];
  const addresses = await lookup(host, { all: true });
  return addresses.map(({ address }) => ({ host: address, port: Number(port) }));
};

/** Where a server listens, at every address of its name, and how many connections it takes from whom. */
export class Listener {
  private readonly log = new Logger('Access');
  private readonly servers: Server[] = [];
  private readonly places = new Places(CONNECTIONS);

  /** @param take is given each connection that there is a place for */
  constructor(private readonly take: (socket: Socket) => void) {}

  /** @throws Error where nobody can listen there */
  async listen(url: string): Promise<void> {
    for (const place of await placesOf(url)) {
      const server = createServer({ noDelay: true }, (socket) => this.accept(socket));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(place, resolve);
      });
      this.servers.push(server);
    }
  }

  /** Takes no more connections; those that are there stay. */
  close(): void {
    for (const server of this.servers.splice(0)) server.close();
  }

  private accept(socket: Socket): void {
    const address = socket.remoteAddress && clientAddress(socket.remoteAddress);
    const leave = this.places.take(networkOf(address));
    if (!leave) {
      this.log.debug({ address }, 'connection refused: too many');
      return void socket.destroy();
    }
    const silent = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, FIRST_WORD_MS).unref();
    socket.once('close', () => {
      clearTimeout(silent);
      leave();
    });
    this.take(socket);
  }
}
