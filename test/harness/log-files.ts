import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The logs of a run: of the Veche that its suites share, and of those that some start for themselves. */
export const logFiles = (run: string): string[] =>
  readdirSync(run, { withFileTypes: true }).flatMap((entry) => {
    const path = join(run, entry.name);
    if (!entry.isDirectory()) return entry.name.endsWith('.log') ? [path] : [];
    return readdirSync(path)
      .filter((name) => name.endsWith('.log'))
      .map((name) => join(path, name));
  });
