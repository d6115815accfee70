import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { within } from './waiting';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How long a process may take to leave after SIGTERM; the product promises ten seconds. */
const STOP_MS = 12_000;

/** A process that a test started, with its output in a file of the run's folder. */
export class ServerProcess {
  readonly exited: Promise<Exit>;
  private exit: Exit | undefined;

  private constructor(
    readonly name: string,
    readonly logFile: string,
    readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('error', () => resolve((this.exit = { code: null, signal: null })));
      child.once('exit', (code, signal) => resolve((this.exit = { code, signal })));
    });
  }

  static start(
    name: string,
    command: string,
    args: readonly string[],
    options: { folder: string; cwd?: string; env?: Record<string, string>; uid?: number; gid?: number },
  ): ServerProcess {
    const logFile = join(options.folder, `${name}.log`);
    const log = openSync(logFile, 'a');
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
      stdio: ['ignore', log, log],
      uid: options.uid,
      gid: options.gid,
    });
    closeSync(log);
    return new ServerProcess(name, logFile, child);
  }

  get running(): boolean {
    return this.exit === undefined;
  }

  get output(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** @throws when it does not leave in time, or not with code 0 */
  async stop(): Promise<void> {
    if (!this.running) throw new Error(`${this.name} is not running: ${JSON.stringify(this.exit)}`);
    this.child.kill('SIGTERM');
    try {
      const { code, signal } = await within(STOP_MS, `${this.name} leaving after SIGTERM`, this.exited);
      if (code !== 0) throw new Error(`${this.name} left with ${signal ?? code} after SIGTERM`);
    } finally {
      await this.kill();
    }
  }

  async kill(): Promise<void> {
    if (this.running) this.child.kill('SIGKILL');
    await this.exited;
  }
}
