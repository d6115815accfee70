import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@veche/testing';
import type { ServerProcess } from '../harness/server-process';
import { within } from '../harness/waiting';

/** How long a part may take to serve after it was started. */
const START_MS = 60_000;

export const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const tell = (up: boolean) => (): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', tell(true)).once('error', tell(false)).setTimeout(1_000, tell(false));
  });

interface PartOptions {
  readonly name: string;
  readonly launch: () => ServerProcess;
  readonly serves: () => Promise<boolean>;
  /** What asks it to leave; SIGTERM where nothing is said. */
  readonly farewell?: 'SIGINT';
  /** Whether it is started again when it ends while starting: children of a killed server may hold its place yet. */
  readonly insists?: boolean;
  /** How long it may take to serve, in milliseconds, where that is longer than for the others. */
  readonly startMs?: number;
}

/** One of the processes that Veche is made of here. */
export class Part {
  private process?: ServerProcess;

  constructor(private readonly options: PartOptions) {}

  get name(): string {
    return this.options.name;
  }

  get runs(): boolean {
    return this.process?.running === true;
  }

  /** Serves when this resolves. */
  async start(): Promise<void> {
    const { startMs = START_MS } = this.options;
    const until = performance.now() + startMs;
    for (;;) {
      const process = (this.process = this.options.launch());
      const serves = eventually(this.options.serves, { within: startMs });
      if (await Promise.race([serves.then(() => true), process.exited.then(() => false)])) return;
      serves.catch(() => undefined);
      if (this.options.insists !== true || performance.now() > until)
        throw new Error(`${this.name} ended while starting: ${process.logFile}`);
      await pause(200);
    }
  }

  /** As an operator stops it. @throws when it does not leave, or not as it should */
  async stop(): Promise<void> {
    const { process } = this;
    if (!process) return;
    if (this.options.farewell === undefined) return process.stop();
    process.child.kill(this.options.farewell);
    await process.exited;
  }

  async kill(): Promise<void> {
    // what is stopped is killed all the same
    await this.process?.kill();
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.child.kill(signal);
  }

  /** Resolves when it is gone, by its own doing; ends it when it does not go within so many milliseconds. */
  async goes(ms: number): Promise<void> {
    if (!this.process) return;
    await within(ms, `${this.name} going by itself`, this.process.exited).catch(() => this.kill());
  }
}
