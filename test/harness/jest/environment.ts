import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { logFiles } from '../log-files';

/** How much of each log is read, and shown, with a failed test. */
const READ_BYTES = 1024 * 1024;
const SHOWN_BYTES = 6_000;
/** Hundreds of these would hide what else was said. */
const IS_GOOD_REQUEST = /"status":[123]\d\d\D.*"request completed"/;

/** Shows with a failed test what the servers of the run logged meanwhile, and lets its clean-up know that it failed. */
export default class VecheEnvironment extends TestEnvironment {
  private sizes = new Map<string, number>();

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'run_start' || event.name === 'test_start') this.sizes = this.logs();
    if (event.name === 'test_start') this.global.testHasFailed = false;
    if (event.name === 'test_fn_failure') this.global.testHasFailed = true;
    if (event.name !== 'test_done' || event.test.errors.length === 0) return;
    for (const [file, size] of this.logs()) {
      const from = Math.max(this.sizes.get(file) ?? 0, size - READ_BYTES);
      const chunk = Buffer.alloc(size - from);
      const fd = openSync(file, 'r');
      readSync(fd, chunk, 0, chunk.length, from);
      closeSync(fd);
      const lines = chunk.toString().split('\n');
      const shown = lines
        .filter((line) => !IS_GOOD_REQUEST.test(line))
        .join('\n')
        .slice(-SHOWN_BYTES);
      if (shown) process.stderr.write(`\n${event.test.name}: ${file} meanwhile\n${shown}\n`);
    }
  }

  private logs(): Map<string, number> {
    const folder = process.env.VECHE_RUN_FOLDER;
    if (!folder) return new Map();
    return new Map(logFiles(folder).map((file) => [file, statSync(file).size]));
  }
}
