import { eventually } from '@veche/testing';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Memory {
  /** Bytes that the process has of the machine. */
  readonly resident: number;
  /** Bytes of them that its objects and buffers take. The rest is code, and heap that V8 keeps for what may come. */
  readonly used: number;
}

/** What a process holds that was started with `memory.cjs`, when it has thrown away what it does not need. */
export const memoryOf = async (pid: number): Promise<Memory> => {
  const file = join(tmpdir(), `veche-memory-${pid}.json`);
  // the second time nothing is left that only waits for its finalizer
  for (let i = 0; i < 2; i++) {
    rmSync(file, { force: true });
    process.kill(pid, 'SIGUSR2');
    await eventually(() => existsSync(file), { within: 20_000 });
  }
  const { rss, heapUsed, external } = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.MemoryUsage;
  rmSync(file);
  return { resident: rss, used: heapUsed + external };
};
