import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import { Authenticator } from '@veche/rpc';
import { rateLimited } from '@veche/limits';
import { CallsUnderWay } from './calls-under-way';
import { Connection } from './connection';
import { ConnectionLimit } from './connection-limit';
import { FanOut } from './fan-out.service';
import { sockets } from './socket.metrics';
import type { Transport } from './transport';

/** How long calls that have begun may take when the process is told to stop. */
const FINISH_MS = 4_000;

/** Somebody who may connect. */
export interface Admitted {
  readonly principal: UserPrincipal;
  readonly token: string;
  readonly address: string | undefined;
  /** To be called when the connection is gone or did not come about, however often. */
  readonly leave: () => void;
}

/** Who may connect and who is connected, whatever carries it. What they are told is the {@link FanOut}'s. */
@Injectable()
export class Connections implements OnModuleDestroy {
  private readonly log = new Logger('Access');
  private readonly held = new Set<Connection>();
  private stopping = false;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly fanOut: FanOut,
    private readonly limit: ConnectionLimit,
    private readonly underWay: CallsUnderWay,
  ) {}

  /**
   * @param address of the device
   * @throws AppError why they may not
   */
  async admit(token: unknown, address: string | undefined): Promise<Admitted> {
    if (typeof token !== 'string' || token === '') throw new AppError('unauthenticated');
    const principal = await this.authenticator.authenticateUser(token);
    if (this.stopping) throw new AppError('unavailable');
    const leave = this.limit.take(principal.userId);
    if (!leave) {
      rateLimited.inc({ limit: 'connections' });
      throw new AppError('rate_limited', { detail: 'Too many connections' });
    }
    return { principal, token, address, leave };
  }

  begin(transport: Transport, { principal, token, address }: Admitted): Connection {
    const connection = new Connection(transport, this.authenticator, principal, token, address);
    this.held.add(connection);
    sockets.inc();
    this.log.log(connection.whose, 'connected');
    // the session may have ended since it was admitted
    if (connection.open) this.fanOut.add(connection);
    else this.closed(connection);
    return connection;
  }

  /** It is gone, for whatever reason. */
  closed(connection: Connection): void {
    if (!this.held.delete(connection)) return;
    sockets.dec();
    this.log.log({ ...connection.whose, seconds: connection.age }, 'disconnected');
    connection.closed();
    this.fanOut.remove(connection);
  }

  /** Lets the calls that have begun finish, and breaks the connections so that clients go elsewhere. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.underWay.finished(FINISH_MS);
    this.fanOut.close();
    for (const connection of this.held) connection.reset();
  }
}
