import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The top of the repository. */
export const ROOT = join(__dirname, '../..');

const SOURCES = ['apps', 'libs', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

const newest = (path: string): number => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return /\.(spec|medium)\.ts$/.test(path) ? 0 : stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
};

export const entryOf = (app: string): string => join(ROOT, 'dist/apps', app, 'src/main.js');

/** Builds when a source is newer than the last build. */
export const buildWhenStale = (): void => {
  const stamp = join(ROOT, 'dist/.tsbuildinfo');
  const built = existsSync(stamp) && existsSync(entryOf('gateway')) ? statSync(stamp).mtimeMs : 0;
  if (SOURCES.every((source) => newest(join(ROOT, source)) < built)) return;
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed\n${stdout}\n${stderr}`);
};
