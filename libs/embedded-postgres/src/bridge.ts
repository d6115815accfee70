import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type Credentials, Login } from './login';
import { fatal, MessageReader, statusAfter, SYNC, type TransactionStatus } from './protocol';
import { Session } from './session';

/** One PostgreSQL session: runs messages and gives the answer. It throws when it can do so no more. */
export type Backend = (messages: Buffer) => Buffer;

export interface BridgeOptions extends Credentials {
  /** How long a client may leave a transaction open without a word, in milliseconds: all others wait for it. */
  readonly idleInTransactionMs: number;
}

interface Client {
  readonly session: Session;
  readonly socket: Socket;
}

const LOGIN_MS = 5_000;
const MAX_CLIENTS = 500;
const TERMINATE = 'X'.charCodeAt(0);

/**
 * Lets many clients of the PostgreSQL protocol share one backend. Batches take turns in the order in which they
 * came; a transaction keeps the backend to its client until it ends; whoever vanishes is rolled back.
 */
export class Bridge {
  private readonly clients = new Set<Client>();
  /** Clients with a batch that may run, each once, first come first. */
  private readonly waiting: Client[] = [];
  private readonly departed: Client[] = [];
  private holder: Client | undefined;
  private lastTurn = performance.now();
  private scheduled = false;
  private count = 0;
  private readonly server: Server;
  private readonly watch: NodeJS.Timeout;

  private constructor(
    private readonly backend: Backend,
    private readonly options: BridgeOptions,
  ) {
    this.server = createServer({ noDelay: true }, (socket) => this.welcome(socket));
    this.server.maxConnections = MAX_CLIENTS;
    this.watch = setInterval(() => this.expelIdle(), Math.min(1_000, options.idleInTransactionMs));
  }

  /** Listens on a free port of the loopback interface. */
  static async open(backend: Backend, options: BridgeOptions): Promise<Bridge> {
    const bridge = new Bridge(backend, options);
    await new Promise<void>((resolve, reject) => {
      bridge.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return bridge;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Parts with every client; what was not committed is rolled back. */
  async close(): Promise<void> {
    clearInterval(this.watch);
    const closed = new Promise((resolve) => this.server.close(resolve));
    // a server is closed before its last sockets say that they are, and what those have left is still to be taken back
    const parted = [...this.clients].map(
      ({ socket }) => new Promise((resolve) => socket.once('close', resolve)),
    );
    for (const { socket } of this.clients) socket.destroy();
    await Promise.all([closed, ...parted]);
  }

  private welcome(socket: Socket): void {
    const reader = new MessageReader();
    const login = new Login(socket, reader, this.options);
    const client: Client = { session: new Session(++this.count), socket };
    let loggedIn = false;
    this.clients.add(client);
    socket.setTimeout(LOGIN_MS, () => socket.destroy());
    socket.on('error', () => undefined); // it closes, and that is enough
    socket.on('close', () => this.part(client));
    const read = (chunk: Buffer): void => {
      reader.add(chunk);
      if (!loggedIn) {
        if (!(loggedIn = login.advance())) return;
        socket.setTimeout(0);
      }
      for (let next = reader.message(); next; next = reader.message()) {
        if (next[0] === TERMINATE) return void socket.end();
        client.session.add(next);
      }
      if (client.session.hasBatch) this.queue(client);
    };
    socket.on('data', (chunk) => {
      try {
        read(chunk);
      } catch {
        socket.destroy(); // bytes that are no PostgreSQL: anybody on this machine can send some
      }
    });
  }

  private queue(client: Client): void {
    if (!this.waiting.includes(client)) this.waiting.push(client);
    this.schedule();
  }

  /** One turn for each round of the event loop, so that what clients send meanwhile is read. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.turn();
    });
  }

  private turn(): void {
    const at = this.holder ? this.waiting.indexOf(this.holder) : 0;
    const [client] = at < 0 ? [] : this.waiting.splice(at, 1);
    const batch = client?.session.take();
    if (!client || !batch) return;
    this.lastTurn = performance.now();
    const { answer, status } = this.run(batch.bytes, batch.flush);
    client.session.ran(status);
    client.socket.write(answer);
    this.holder = client.session.holdsBackend ? client : undefined;
    if (client.session.hasBatch) this.waiting.push(client);
    this.tidy();
    if (this.waiting.length > 0) this.schedule();
  }

  private part(client: Client): void {
    this.clients.delete(client);
    const at = this.waiting.indexOf(client);
    if (at >= 0) this.waiting.splice(at, 1);
    this.departed.push(client);
    if (this.holder === client) this.holder = undefined;
    this.tidy();
    if (this.waiting.length > 0) this.schedule();
  }

  /** Takes back what departed clients have left, as soon as that cannot get into anybody's transaction. */
  private tidy(): void {
    if (this.holder) return;
    for (const { session } of this.departed.splice(0))
      session.farewell().forEach((bytes) => this.run(bytes, false));
  }

  private run(bytes: Buffer, flush: boolean): { answer: Buffer; status: TransactionStatus | undefined } {
    const answer = this.backend(bytes);
    const status = statusAfter(answer);
    if (status !== undefined || flush) return { answer, status };
    // PGlite may keep its ReadyForQuery back, after a notification for one
    const rest = this.backend(SYNC);
    const late = statusAfter(rest);
    if (late === undefined) throw new Error('the database has stopped answering');
    return { answer: Buffer.concat([answer, rest]), status: late };
  }

  private expelIdle(): void {
    const { holder } = this;
    if (!holder || this.waiting.includes(holder)) return;
    if (performance.now() - this.lastTurn < this.options.idleInTransactionMs) return;
    holder.socket.end(fatal('25P03', 'terminating connection due to idle-in-transaction timeout'));
    holder.socket.destroySoon();
  }
}
