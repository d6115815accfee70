import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../harness/build';
import { checkpoint } from './checkpoint';
import { crowd, type CrowdFigures } from './crowd';
import { disturbed, DISTURBANCES } from './disturbed';
import { type Goal, goals } from './goals';
import { history, type HistoryFigures } from './history';
import { idle, type IdleFigures } from './idle';
import { insertsPerSecond } from './inserts';
import { type ListFigures, lists } from './lists';
import { type LoginFigures, logins } from './logins';
import { picture } from './picture';
import { type ReaderFigures, readers } from './readers';
import { rest, type RestFigures } from './rest';
import { type On, ONS, type Results } from './results';
import { SCENARIOS } from './scenario';
import { Bare, type Target, VecheTarget } from './targets';
import { type Figures, traffic } from './traffic';

const HELP = `npm run bench -- [options]
  --only a,b         which scenarios; all of them when left out:
                     ${SCENARIOS.map(({ key, name }) => `${key}  ${name}`).join('\n                     ')}
                     e  10,000 idle connections, and a restart
                     f  pages and messages in a room of 1,000 and of 1,000,000 entries (PostgreSQL)
                     g  logging in, and tokens
                     ${DISTURBANCES.map(({ key, name }) => `${key}  ${name}: what others notice (PostgreSQL)`).join('\n                     ')}
                     j  the rooms of a person with 2,000 of them and 1,000,000 unread messages (PostgreSQL)
                     k  2,000 joins at once into a room of 1,000
                     l  read marks of 200 readers
                     m  REST with 16 clients: posts and pages (PostgreSQL)
  --on bare,postgres,embedded
  --seconds 6        how long each of a to d, and of m, is measured
  --generators 1     processes that make the load
  --profile folder   a CPU profile of each server, for the developer tools of a browser
  --picture file     an SVG of the figures
  --out bench-results/latest.json
PostgreSQL is the one of TEST_DATABASE_URL or DATABASE_URL, in a database made for the run; where there is none, the
embedded database is all that is measured.`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'a,b,c,d,e,f,g,h,i,j,k,l,m' },
    on: { type: 'string' },
    seconds: { type: 'string', default: '6' },
    generators: { type: 'string', default: '1' },
    profile: { type: 'string' },
    picture: { type: 'string' },
    out: { type: 'string', default: join(ROOT, 'bench-results/latest.json') },
    help: { type: 'boolean', default: false },
  },
});

const start = (on: On): Promise<Target> => {
  const { profile } = options;
  return on === 'bare' ? Bare.start({ profile }) : VecheTarget.start(on, { profile });
};

const say = (line: string): void => console.log(line);
const kib = (bytes: number): string => (bytes / 1024).toFixed(1);
const ms = (value: number): string => value.toFixed(1).padStart(8);
const HEAD = `${' '.repeat(40)} sends/s deliver/s  ack p50      p99  dlv p50      p99 ms  server generator (of a processor)`;
const line = (f: Figures): string =>
  [
    `  ${f.target.padEnd(38)}`,
    Math.round(f.sendsPerSecond).toString().padStart(7),
    Math.round(f.deliveriesPerSecond).toString().padStart(9),
    `${ms(f.acknowledged.p50)} ${ms(f.acknowledged.p99)} ${ms(f.delivered.p50)} ${ms(f.delivered.p99)}   `,
    `${f.serverBusy.toFixed(2).padStart(7)} ${f.generatorBusy.toFixed(2).padStart(9)}`,
    f.refused + f.lostConnections > 0 ? `  ${f.refused} refused, ${f.lostConnections} connections lost` : '',
  ].join(' ');

const run = async (): Promise<Results> => {
  const keys = new Set(options.only.split(','));
  const databaseUrl = process.env.TEST_DATABASE_URL || process.env.DATABASE_URL;
  if (databaseUrl) process.env.TEST_DATABASE_URL = databaseUrl;
  const asked = options.on?.split(',') ?? ONS;
  const ons = ONS.filter((on) => asked.includes(on) && (on !== 'postgres' || databaseUrl));
  const targets = new Map<On, Target>();
  const results = {
    traffic: [] as (Figures & { key: string; on: On })[],
    idle: [] as (IdleFigures & { on: On })[],
    history: [] as HistoryFigures[],
    disturbed: [] as (Figures & { key: string })[],
    logins: undefined as LoginFigures | undefined,
    lists: undefined as ListFigures | undefined,
    crowd: undefined as CrowdFigures | undefined,
    readers: undefined as ReaderFigures | undefined,
    inserts: undefined as number | undefined,
    rest: [] as RestFigures[],
  };
  try {
    for (const on of ons) targets.set(on, await start(on));
    const veche = targets.get('postgres') ?? targets.get('embedded');
    // in turns, so that whatever else the machine does meets all of them; who waits has no connections
    for (const scenario of SCENARIOS.filter(({ key }) => keys.has(key))) {
      say(`\n${scenario.key}  ${scenario.name}, ${scenario.clients} clients\n${HEAD}`);
      for (const [on, target] of targets) {
        // the embedded database is held against PostgreSQL where both are saturated
        if (on === 'embedded' && targets.has('postgres') && !['a', 'b'].includes(scenario.key)) continue;
        if (databaseUrl && on === 'postgres') await checkpoint(databaseUrl);
        const figures = await traffic(target, scenario, {
          seconds: Number(options.seconds),
          generators: Number(options.generators),
        });
        results.traffic.push({ ...figures, key: scenario.key, on });
        say(line(figures));
      }
    }
    if (databaseUrl && keys.has('b')) {
      results.inserts = await insertsPerSecond(databaseUrl, Number(options.seconds));
      say(`\n   one row a commit, 16 connections: ${Math.round(results.inserts)} rows/s`);
    }
    if (keys.has('e')) {
      say('\ne  10,000 idle connections');
      for (const [on, target] of targets) {
        if (on === 'embedded' && targets.has('postgres')) continue;
        const figures = await idle(target);
        results.idle.push({ ...figures, on });
        say(
          `  ${figures.target.padEnd(38)} ${kib(figures.bytesPerConnection)} KiB each in use, ${kib(figures.residentBytesPerConnection)} resident, ` +
            `${Math.round(figures.connectsPerSecond)} connect a second, whole again after ${figures.secondsUntilWhole.toFixed(1)} s`,
        );
      }
    }
    if (keys.has('f') && veche instanceof VecheTarget && veche.shape === 'postgres') {
      say('\nf  the length of a room');
      results.history.push(...(await history(veche, veche.server.databaseUrl)));
      for (const { entries, page, append } of results.history)
        say(`  ${entries} entries: a page ${page.toFixed(2)} ms, a message ${append.toFixed(2)} ms`);
    }
    for (const disturbance of DISTURBANCES.filter(({ key }) => keys.has(key))) {
      if (!(veche instanceof VecheTarget && veche.shape === 'postgres')) continue;
      say(`\n${disturbance.key}  ${disturbance.name}\n${HEAD}`);
      const figures = await disturbed(veche, veche.server.databaseUrl, disturbance);
      results.disturbed.push(figures);
      say(line(figures));
    }
    if (keys.has('g') && veche instanceof VecheTarget) {
      say('\ng  logging in');
      results.logins = await logins(veche);
      const { loginsPerSecond, hashesPerSecond, firstCall, nextCall, signature } = results.logins;
      say(
        `  ${loginsPerSecond.toFixed(0)} logins/s (hashes alone: ${hashesPerSecond.toFixed(0)}/s); a call with a new token ` +
          `${firstCall.toFixed(2)} ms, with a known one ${nextCall.toFixed(2)} ms (a signature alone: ${signature.toFixed(2)} ms)`,
      );
    }
    if (keys.has('j') && veche instanceof VecheTarget && veche.shape === 'postgres') {
      say('\nj  many rooms');
      const f = (results.lists = await lists(veche, veche.server.databaseUrl));
      say(
        `  ${f.rooms} rooms, ${f.unread} unread: a first page ${f.firstPage.toFixed(1)} ms, one in the middle ` +
          `${f.middlePage.toFixed(1)} ms, all ${f.whole.toFixed(0)} ms; ready after ${f.ready.toFixed(1)} ms, ${kib(f.readyBytes)} KiB`,
      );
    }
    if (keys.has('k') && veche instanceof VecheTarget) {
      say('\nk  a crowd');
      const f = (results.crowd = await crowd(veche));
      say(
        `  ${f.joinsPerSecond.toFixed(0)} joins/s, ${f.refused} refused, ${f.brokenConnections} connections broken; a message ` +
          `elsewhere ${ms(f.elsewhere.p50)} ${ms(f.elsewhere.p99)} ms (p50, p99); all heard of after ` +
          `${f.secondsUntilHeard.toFixed(1)} s, ${f.serverSeconds.toFixed(1)} s of the server's processor`,
      );
    }
    if (keys.has('l') && veche instanceof VecheTarget) {
      say('\nl  read marks');
      const f = (results.readers = await readers(veche));
      say(
        `  ${f.readers} readers: ${f.marksPerSecond.toFixed(0)} marks/s, ${f.framesPerMark.toFixed(1)} frames and ` +
          `${f.processorPerMark.toFixed(2)} ms of the server's processor for each`,
      );
    }
    if (keys.has('m') && veche instanceof VecheTarget && veche.shape === 'postgres') {
      say('\nm  REST with 16 clients');
      results.rest.push(...(await rest(veche, veche.server.databaseUrl, Number(options.seconds))));
      for (const { on, postsPerSecond, pagesPerSecond } of results.rest)
        say(
          `  ${(on === 'bare' ? 'bare Fastify, one statement' : 'Veche, one process').padEnd(38)} ` +
            `${postsPerSecond.toFixed(0)} posts/s, ${pagesPerSecond.toFixed(0)} pages of 50/s`,
        );
    }
  } finally {
    await Promise.all([...targets.values()].map((target) => target.stop()));
  }
  return results;
};

const verdict = ({ what, seen, wanted, met }: Goal): string =>
  `  ${met ? 'met   ' : 'MISSED'} ${what.padEnd(60)} ${seen.toFixed(2).padStart(8)}  (${wanted})`;

const main = async (): Promise<void> => {
  if (options.help) return say(HELP);
  const results = await run();
  const reached = goals(results);
  if (reached.length > 0) say(`\ngoals\n${reached.map(verdict).join('\n')}`);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  mkdirSync(dirname(options.out), { recursive: true });
  const written = { at: new Date().toISOString(), machine, ...results, goals: reached };
  writeFileSync(options.out, `${JSON.stringify(written, null, 2)}\n`);
  if (options.picture) writeFileSync(options.picture, picture(results));
  say(`\n${machine.cpus} × ${machine.model ?? '?'}, Node ${machine.node}; written to ${options.out}`);
};

main().catch((error: Error) => {
  console.error(error);
  process.exit(1);
});
