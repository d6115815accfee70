// npm start: everything in one process. npm run start:micro: auth, chat and gateway as processes on this machine.
// npm run start:auth, start:chat, start:gateway: one of them, configured as a service on its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseEnv } from 'node:util';
import { buildWhatIsStale } from './build.mjs';

const shapes = {
  monolith: ['monolith'],
  micro: ['auth', 'chat', 'gateway'],
  auth: ['auth'],
  chat: ['chat'],
  gateway: ['gateway'],
};
const apps = shapes[process.argv[2]];
if (!apps) {
  console.error(`usage: node scripts/start.mjs ${Object.keys(shapes).join('|')}`);
  process.exit(2);
}

const env = { ...(existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {}), ...process.env };
// what stands in a file of settings the services find themselves, and say where it is not enough
if (apps.length > 1 && !env.CONFIG_FILE) {
  const isSet = (name) => Boolean(env[name] || env[`${name}_FILE`]);
  if (!isSet('DATABASE_URL') && !(isSet('AUTH_DATABASE_URL') && isSet('CHAT_DATABASE_URL'))) {
    console.error(
      'Separate services need a PostgreSQL: set DATABASE_URL, or AUTH_DATABASE_URL and CHAT_DATABASE_URL.\n' +
        'The embedded database belongs to one process; npm start runs with it and needs nothing.',
    );
    process.exit(1);
  }
  // one that the three share for as long as they run; set it yourself where they run on several machines
  if (!isSet('SERVICE_TOKEN')) env.SERVICE_TOKEN = randomBytes(32).toString('base64url');
}

await buildWhatIsStale();

/** Who ends sooner than this, and never ran for longer, cannot start: a setting is wrong, and trying again mends none. */
const STARTED_MS = 10_000;
/** One that dies again and again is given more time each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const alone = apps.length === 1;
const running = new Map();
let exitCode = 0;
let stopping = false;

const stop = () => {
  stopping = true;
  running.forEach((child) => child.kill('SIGTERM'));
  if (running.size === 0) process.exit(exitCode);
};

const run = (app, pause = FIRST_PAUSE_MS, ranBefore = false) => {
  const since = performance.now();
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', '--enable-source-maps', `dist/apps/${app}/src/main.js`],
    {
      env,
      stdio: alone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // a terminal's Ctrl-C reaches us, and we pass it on once
      detached: !alone,
    },
  );
  running.set(app, child);
  if (!alone) console.log(`${app.padEnd(7)} | process ${child.pid}`);
  for (const stream of [child.stdout, child.stderr]) {
    if (stream)
      createInterface({ input: stream }).on('line', (line) => console.log(`${app.padEnd(7)} | ${line}`));
  }
  child.on('exit', (code, signal) => {
    running.delete(app);
    const ran = performance.now() - since >= STARTED_MS;
    if (stopping || alone || !(ran || ranBefore)) {
      exitCode ||= code ?? (signal ? 1 : 0);
      // a second signal would cut short those that are leaving
      if (!stopping || running.size === 0) stop();
      return;
    }
    const wait = ran ? FIRST_PAUSE_MS : pause;
    console.log(`${app.padEnd(7)} | ended with ${signal ?? code}; it is started again in ${wait / 1000} s`);
    setTimeout(() => {
      if (!stopping) run(app, Math.min(2 * wait, LONGEST_PAUSE_MS), true);
    }, wait);
  });
};

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (!alone || signal === 'SIGTERM') stop();
  });
}
// a shell stands between npm and us, and a signal to npm ends both of them without a word to us
const parent = process.ppid;
if (env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && !stopping && stop(), 200).unref();

apps.forEach((app) => run(app));
