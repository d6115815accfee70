import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { registry } from './registry';

/** How often an address is tried that is taken: the process that had it may be leaving. */
const AGAIN_MS = 10_000;
/** How long a client may take to send its request. */
const REQUEST_MS = 5_000;

/**
 * Serves `/metrics`, and nothing else, at an address of its own. Where that is taken it says so and goes on trying:
 * whether somebody measures must not decide whether people can talk.
 */
export class MetricsServer {
  private readonly log = new Logger('Metrics');
  private readonly server: Server;
  private again?: NodeJS.Timeout;
  private told = false;
  private opening?: Promise<void>;
  private closed = false;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly againMs = AGAIN_MS,
  ) {
    this.server = createServer({ requestTimeout: REQUEST_MS }, (request, answer) => {
      void respond(request, answer).catch((error: unknown) => {
        this.log.error({ err: error }, 'cannot tell the metrics');
        answer.destroy();
      });
    });
  }

  open(): void {
    this.server.listen(this.port, this.host);
    this.opening = once(this.server, 'listening').then(
      () => this.log.log(`metrics at http://${this.address}/metrics`),
      (error: Error) => this.failed(error),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.again);
    // what is not open yet could not be closed
    await this.opening;
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private get address(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  private failed(error: Error): void {
    if (this.closed) return;
    if (!this.told) this.log.warn(`no metrics at ${this.address} until it is free: ${error.message}`);
    this.told = true;
    this.again = setTimeout(() => this.open(), this.againMs).unref();
  }
}

const respond = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
  const status = request.url?.split('?', 1)[0] !== '/metrics' ? 404 : request.method !== 'GET' ? 405 : 200;
  const body = status === 200 ? await registry.metrics() : '';
  answer.writeHead(status, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(body);
};
