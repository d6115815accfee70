import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';

/**
 * What a proxy does with a WebSocket: it passes it on, refuses it, leaves it unanswered, or answers it and lets
 * nothing pass after that, or nothing of what the server says.
 */
export type Upgrades = 'passed' | 'refused' | 'unanswered' | 'silent' | 'deaf';

/**
 * An HTTP proxy before one or several servers, as companies and clouds have them. Each request goes to the next
 * server, whichever connection it came by: nobody stays with one.
 */
export class Proxy {
  private readonly sockets = new Set<Socket>();
  private readonly agent = new Agent({ keepAlive: true });
  private turn = 0;
  /** Paths of the WebSockets that were asked for, and of the other requests. */
  readonly upgrades: string[] = [];
  readonly requests: string[] = [];

  private constructor(
    readonly port: number,
    private readonly server: Server,
    private readonly targets: readonly number[],
    private readonly mode: Upgrades,
  ) {
    server.on('connection', (socket: Socket) => this.keep(socket));
    server.on('request', (near, answer) => this.pass(near, answer));
    server.on('upgrade', (near: IncomingMessage, socket: Socket, head: Buffer) => {
      this.upgrades.push(near.url ?? '');
      this.upgrade(near, socket, head);
    });
  }

  static async open(port: number, targets: readonly number[], mode: Upgrades = 'passed'): Promise<Proxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new Proxy(port, server, targets, mode);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    this.agent.destroy();
  }

  private get target(): number {
    return this.targets[this.turn++ % this.targets.length] ?? 0;
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => this.sockets.delete(socket));
  }

  private pass(near: IncomingMessage, answer: ServerResponse): void {
    this.requests.push(`${near.method} ${near.url}`);
    const { method, url: path, headers } = near;
    const far = request({ agent: this.agent, port: this.target, host: '127.0.0.1', method, path, headers });
    far.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer).on('error', () => response.destroy());
    });
    far.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    // a poll that is given up is given up there as well
    answer.once('close', () => far.destroy());
    near.pipe(far);
  }

  private upgrade(near: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.mode === 'unanswered') return;
    if (this.mode === 'refused')
      return void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    const far = this.keep(connect(this.target, '127.0.0.1'));
    const lines = near.rawHeaders.flatMap((_, i, all) => (i % 2 ? [] : [`${all[i]}: ${all[i + 1]}`]));
    far.write(`GET ${near.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    far.write(head);
    for (const [end, other] of [
      [socket, far],
      [far, socket],
    ] as const)
      end.once('close', () => other.destroy());
    if (this.mode === 'silent' || this.mode === 'deaf') {
      if (this.mode === 'deaf') socket.pipe(far);
      const taken: Buffer[] = [];
      far.on('data', (bytes: Buffer) => {
        const before = Buffer.concat(taken).indexOf('\r\n\r\n');
        taken.push(bytes);
        const end = Buffer.concat(taken).indexOf('\r\n\r\n');
        // the answer to the upgrade alone
        if (before < 0 && end >= 0) socket.write(Buffer.concat(taken).subarray(0, end + 4));
      });
    } else {
      socket.pipe(far);
      far.pipe(socket);
    }
  }
}
