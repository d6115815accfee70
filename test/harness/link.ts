import { createServer, type Server, type Socket, connect } from 'node:net';
import { Transform, type Writable } from 'node:stream';

/** One way between two parts, with everything on it passing through here. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** Where the bytes from near, and from far, go first. */
  readonly there: Writable;
  readonly back: Writable;
}

/** Like a machine that is gone. libuv cannot reset, nor then close, what is shutting down already. */
const reset = (socket: Socket): void =>
  void (socket.writableEnded ? socket.destroy() : socket.resetAndDestroy());

/**
 * A TCP port before one or several others (each new connection goes to the next that takes it), whose connections
 * can be cut off, stalled, lost and slowed down.
 */
export class Link {
  private readonly pairs = new Set<Pair>();
  /** Connections that both ends believe in and nothing passes through any more. */
  private readonly lost = new Set<Pair>();
  private readonly held = new Set<Socket>();
  private state: 'open' | 'refusing' | 'stalled' = 'open';
  private loses = false;
  private turn = 0;
  connections = 0;
  /** The answers that were lost. */
  unheard = '';
  /** Of every chunk, one after the other, on connections that come from now on. */
  delayMs = 0;

  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly server: Server,
    private readonly targets: readonly number[],
  ) {
    server.on('connection', (near) => {
      near.on('error', () => near.destroy());
      if (this.state === 'refusing') reset(near);
      else if (this.state === 'stalled') this.held.add(near.pause());
      else this.reach(near, this.targets.length);
    });
  }

  static async open(name: string, port: number, targets: readonly number[]): Promise<Link> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return new Link(name, port, server, targets);
  }

  /** Breaks what is connected, and refuses what comes. */
  cut(): void {
    this.state = 'refusing';
    this.loses = false;
    this.breakAll(this.pairs);
    for (const near of this.held) reset(near);
    this.held.clear();
  }

  /** Nothing passes, and nobody is told. */
  stall(): void {
    this.state = 'stalled';
    for (const { near, far, there, back } of this.pairs) {
      near.unpipe(there).pause();
      far.unpipe(back).pause();
    }
  }

  /** Until it is cut, what is asked arrives, and no answer does. */
  loseAnswers(): void {
    this.loses = true;
    for (const { far, back } of this.pairs) this.swallow(far.unpipe(back));
  }

  /** What is connected stays silent for ever; what comes anew passes. */
  lose(): void {
    this.stall();
    for (const pair of this.pairs) this.lost.add(pair);
    this.pairs.clear();
    this.mend();
  }

  mend(): void {
    const stalled = this.state === 'stalled';
    this.state = 'open';
    if (stalled) for (const pair of this.pairs) this.join(pair);
    for (const near of this.held) this.reach(near, this.targets.length);
    this.held.clear();
  }

  close(): void {
    this.cut();
    this.breakAll(this.lost);
    this.server.close();
  }

  private breakAll(pairs: Set<Pair>): void {
    for (const { near, far } of pairs) {
      reset(near);
      reset(far);
    }
    pairs.clear();
  }

  private reach(near: Socket, tries: number): void {
    const port = this.targets[this.turn++ % this.targets.length];
    if (tries === 0 || port === undefined || near.destroyed) return reset(near);
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    const failed = (): void => this.reach(near, tries - 1);
    far.once('error', failed);
    far.once('connect', () => {
      far.off('error', failed);
      this.connections++;
      const pair = { near, far, there: this.slowed(far), back: this.slowed(near) };
      this.pairs.add(pair);
      for (const [end, other] of [
        [near, far],
        [far, near],
      ] as const) {
        end.on('error', () => end.destroy());
        end.once('close', (broken) => {
          if (this.lost.has(pair)) return;
          this.pairs.delete(pair);
          if (broken) reset(other);
          else other.destroySoon();
        });
      }
      if (this.state === 'refusing') this.breakAll(new Set([pair]));
      else if (this.state === 'open') this.join(pair);
    });
  }

  private join({ near, far, there, back }: Pair): void {
    near.pipe(there);
    if (this.loses) this.swallow(far);
    else far.pipe(back);
  }

  private swallow(far: Socket): void {
    // what was taken off a pipe is paused, and a listener alone does not change that
    far.on('data', (chunk: Buffer) => (this.unheard += chunk.toString('latin1'))).resume();
  }

  private slowed(end: Socket): Writable {
    const { delayMs } = this;
    if (delayMs === 0) return end;
    const slow = new Transform({
      transform: (chunk, _encoding, done) => void setTimeout(() => done(null, chunk), delayMs),
    });
    slow.pipe(end);
    return slow;
  }
}
