import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Attachment } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file to be looked into, and the beginning of the paths for what is made of it. */
export interface Job {
  readonly path: string;
  readonly into: string;
}

/** What was made of a file: of a picture itself, written again, and smaller ones. */
export interface SeenFile {
  readonly path: string;
  readonly size: number;
  readonly variant?: 'small' | 'large';
}

export interface Seen {
  /** None where the file is kept as it is. */
  readonly files: readonly SeenFile[];
  readonly details: Omit<Attachment, 'id' | 'name' | 'size'>;
}

/** How long it may take to look into one file, decoding, writing and all smaller pictures. */
const PATIENCE_MS = 40_000;
/** Files that are looked into at once, each by a process of its own, and that may wait for it. */
const MOST_LOOKERS = 2;
const MOST_WAITING = 100;
/** A process that has nothing to do keeps its memory for so long. */
const IDLE_MS = 30_000;
const MEGABYTES = 128;

const LOOKER = join(__dirname, `looker${extname(__filename)}`);

interface Looker {
  readonly process: ChildProcess;
  idle?: NodeJS.Timeout;
}

/**
 * Finds out what files are, by their content, and writes pictures again without what they tell of their place and camera.
 * It is done in processes apart, bounded in pixels, memory and time: what a file does to the decoder it does to that
 * process, which is thrown away.
 */
@Injectable()
export class Looking implements OnModuleDestroy {
  private readonly idle: Looker[] = [];
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * @returns what the file is
   * @throws AppError `unreadable_picture`, `overloaded`
   */
  async into(path: string, into: string): Promise<Seen> {
    await this.turn();
    try {
      const seen = await this.ask({ path, into });
      if (seen) return seen;
      for (const end of ['', '.small', '.large']) await rm(into + end, { force: true });
      throw new AppError('unreadable_picture');
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  onModuleDestroy(): void {
    for (const looker of this.idle.splice(0)) end(looker);
  }

  private async turn(): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) throw new AppError('overloaded');
    while (this.running >= MOST_LOOKERS) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
  }

  /** @returns undefined where it cannot be read */
  private async ask(job: Job): Promise<Seen | undefined> {
    const looker = this.idle.pop() ?? begin();
    clearTimeout(looker.idle);
    const { process: child } = looker;
    const answer = await new Promise<{ seen?: Seen } | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
      const settle = (value?: { seen?: Seen }): void => {
        clearTimeout(timer);
        child.off('exit', gone).off('error', gone);
        resolve(value);
      };
      const gone = (): void => settle();
      child.once('exit', gone).once('error', gone);
      child.once('message', (value: { seen?: Seen }) => settle(value));
      child.send(job, (error) => error && settle());
    });
    if (answer?.seen) this.rest(looker);
    // whatever the file has done to it
    else end(looker);
    return answer?.seen;
  }

  private rest(looker: Looker): void {
    this.idle.push(looker);
    looker.idle = setTimeout(() => {
      this.idle.splice(this.idle.indexOf(looker), 1);
      end(looker);
    }, IDLE_MS).unref();
  }
}

const begin = (): Looker => {
  const child = fork(LOOKER, {
    // nothing of what this process was told: it needs no secret
    env: {},
    execArgv: [...process.execArgv, `--max-old-space-size=${MEGABYTES}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  return { process: child };
};

const end = ({ process: child, idle }: Looker): void => {
  clearTimeout(idle);
  child.removeAllListeners();
  child.kill('SIGKILL');
};
