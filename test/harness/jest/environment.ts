import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { logFiles } from '../log-files';

/** How much of each log is shown with a failed test. */
const SHOWN_BYTES = 6_000;

/** Shows with a failed test what the servers of the run logged meanwhile, and lets its clean-up know that it failed. */
export default class VecheEnvironment extends TestEnvironment {
  private sizes = new Map<string, number>();

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'run_start' || event.name === 'test_start') this.sizes = this.logs();
    if (event.name === 'test_start') this.global.testHasFailed = false;
    if (event.name === 'test_fn_failure') this.global.testHasFailed = true;
    if (event.name !== 'test_done' || event.test.errors.length === 0) return;
    for (const [file, size] of this.logs()) {
      const from = Math.max(this.sizes.get(file) ?? 0, size - SHOWN_BYTES);
      if (size === from) continue;
      const chunk = Buffer.alloc(size - from);
      const fd = openSync(file, 'r');
      readSync(fd, chunk, 0, chunk.length, from);
      closeSync(fd);
      process.stderr.write(`\n${event.test.name}: ${file} meanwhile\n${chunk.toString()}\n`);
    }
  }

  private logs(): Map<string, number> {
    const folder = process.env.VECHE_RUN_FOLDER;
    if (!folder) return new Map();
    return new Map(logFiles(folder).map((file) => [file, statSync(file).size]));
  }
}
