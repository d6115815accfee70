// Builds when a source is newer than the last build; otherwise costs a walk through the tree.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const STAMP = 'dist/.built';
const SOURCES = [
  'apps',
  'libs',
  'nest-cli.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
const NOT_BUILT = /\.(spec|medium)\.ts$|^libs\/testing$/;

const EMBEDDED = 'dist/libs/embedded-postgres/src';
const TEMPLATE = join(EMBEDDED, 'template');

const newest = (path) => {
  if (NOT_BUILT.test(path)) return 0;
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

/** An empty data folder of the embedded database, which the first start copies instead of making one for seconds. */
const makeTemplate = async () => {
  const hash = createHash('sha256');
  for (const file of ['node_modules/@electric-sql/pglite/package.json', join(EMBEDDED, 'worker.js')])
    hash.update(readFileSync(file));
  const key = hash.digest('hex');
  const keyFile = `${TEMPLATE}.key`;
  if (existsSync(TEMPLATE) && existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return;
  const { createDataFolder } = createRequire(import.meta.url)(resolve(EMBEDDED, 'index.js'));
  for (const folder of [`${TEMPLATE}.new`, TEMPLATE]) rmSync(folder, { recursive: true, force: true });
  await createDataFolder(`${TEMPLATE}.new`);
  renameSync(`${TEMPLATE}.new`, TEMPLATE);
  writeFileSync(keyFile, key);
};

export const buildWhatIsStale = async () => {
  const started = new Date();
  if (Math.max(...SOURCES.map(newest)) <= builtAt()) return;
  console.log('Building …');
  const nest = ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'monolith'];
  const { status } = spawnSync(process.execPath, nest, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  await makeTemplate();
  // what changes while the build runs is newer than it
  writeFileSync(STAMP, '');
  utimesSync(STAMP, started, started);
};

if (import.meta.filename === process.argv[1]) await buildWhatIsStale();
