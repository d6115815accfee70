// Builds when a source is newer than the last build; otherwise costs a walk through the tree.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = 'dist/.built';
const SOURCES = [
  'apps',
  'libs',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];

const newest = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
};

const builtAt = () => {
  try {
    return statSync(STAMP).mtimeMs;
  } catch {
    return 0;
  }
};

export const buildWhatIsStale = () => {
  const started = new Date();
  if (Math.max(...SOURCES.map(newest)) <= builtAt()) return;
  console.log('Building …');
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'monolith'],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exit(status ?? 1);
  // what changes while the build runs is newer than it
  writeFileSync(STAMP, '');
  utimesSync(STAMP, started, started);
};

if (import.meta.filename === process.argv[1]) buildWhatIsStale();
