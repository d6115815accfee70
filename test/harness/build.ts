import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The top of the repository. */
export const ROOT = join(__dirname, '../..');

export const entryOf = (app: string): string => join(ROOT, 'dist/apps', app, 'src/main.js');

/** Builds when a source is newer than the last build. */
export const buildWhenStale = (): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build failed\n${stdout}\n${stderr}`);
};
