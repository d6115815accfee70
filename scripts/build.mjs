// Builds what has sources newer than its last build; otherwise costs a walk through the tree.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
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

const EMBEDDED = 'dist/libs/embedded-postgres/src';
const TEMPLATE = join(EMBEDDED, 'template');

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

const server = {
  stamp: 'dist/.built',
  sources: ['apps', 'libs', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
  notBuilt: /\.(spec|medium)\.ts$|^libs\/testing$|^apps\/(web|cli)$/,
  command: ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'monolith'],
  after: makeTemplate,
};

const web = {
  stamp: 'dist/.built-web',
  sources: ['apps/web', 'libs/client', 'libs/protocol', 'package-lock.json'],
  notBuilt: /\.spec\.tsx?$/,
  command: ['node_modules/vite/bin/vite.js', 'build', 'apps/web', '--logLevel', 'warn'],
};

const sdk = {
  stamp: 'dist/.built-sdk',
  sources: ['libs/client', 'libs/protocol', 'package-lock.json'],
  notBuilt: /\.spec\.ts$/,
  command: ['libs/client/build.mjs'],
};

const cli = {
  stamp: 'dist/.built-cli',
  sources: ['apps/cli', 'libs/client', 'libs/protocol', 'package-lock.json'],
  notBuilt: /\.spec\.ts$/,
  command: ['apps/cli/build.mjs'],
};

const newest = (path, notBuilt) => {
  if (notBuilt.test(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name), notBuilt)),
    stat.mtimeMs,
  );
};

const isStale = ({ stamp, sources, notBuilt }) => {
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.max(...sources.map((source) => newest(source, notBuilt))) > builtAt;
};

const build = async ({ stamp, command, after }) => {
  const started = new Date();
  const status = await new Promise((resolve) =>
    // whoever builds, a test for instance, may be something else
    spawn(process.execPath, command, {
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'production' },
    }).on('exit', resolve),
  );
  if (status !== 0) process.exit(status ?? 1);
  await after?.();
  // what changes while the build runs is newer than it
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
};

export const buildWhatIsStale = async () => {
  const stale = [server, web, sdk, cli].filter(isStale);
  if (stale.length === 0) return;
  console.log('Building …');
  await Promise.all(stale.map(build));
};

if (import.meta.filename === process.argv[1]) await buildWhatIsStale();
