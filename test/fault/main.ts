import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhenStale } from '../harness/build';
import { Numbers } from '../harness/numbers';
import { type Finding, PROMISES } from './checker.rules';
import type { Cluster } from './cluster';
import { rounds } from './faults';
import { type Outcome, run } from './run';
import { littleTrouble, sabotages } from './sabotages';

const SHORT = 18;
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: String(SHORT) },
    /** After so many no fault begins, however few there were. */
    seconds: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    /** Every sabotage in its turn. */
    sabotage: { type: 'boolean', default: false },
    /** The names of the faults, or of the sabotages, with commas between them. */
    only: { type: 'string' },
    /** What replicas hear each other by: redis or kafka. */
    bus: { type: 'string', default: 'redis' },
    keep: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',');
const bus = values.bus === 'kafka' ? 'kafka' : 'redis';
if (bus !== values.bus) throw new Error('--bus is redis or kafka');

const started = performance.now();
const say = (line: string): void => {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`);
};

const tell = ({ findings, longestHeal, faults, ...figures }: Outcome): void => {
  const total = Object.values(faults).reduce((sum, { times }) => sum + times, 0);
  console.log(`
faults              ${total}
time                ${figures.seconds.toFixed(0)} s
entries in the logs ${figures.entries}
acknowledged        ${figures.acknowledged}, sent again ${figures.resent} times
delivered           ${figures.deliveries}
membership changes  ${figures.membershipChanges}
reconnects          ${figures.reconnects}
acknowledged after  ${spread(figures.waitMs)}
pushed after        ${spread(figures.wayMs)}
whole again         after ${figures.medianHealMs} ms (median); at most ${longestHeal.ms} ms, after: ${longestHeal.after}`);
  for (const [kind, { times, healMs }] of Object.entries(faults).sort())
    console.log(`${String(times).padStart(7)} ${kind}: whole again after ${healMs} ms at most`);
  for (const [promise, meaning] of Object.entries(PROMISES))
    console.log(`${String(count(findings, promise)).padStart(7)} broken: ${meaning}`);
  list(findings);
};

const list = (findings: readonly Finding[]): void => {
  for (const { promise, what } of findings.slice(0, SHOWN)) console.log(`  ${promise}: ${what}`);
  if (findings.length > SHOWN) console.log(`  and ${findings.length - SHOWN} more`);
};

const spread = ({ median, p99, most }: Outcome['waitMs']): string =>
  `${median} ms (median), ${p99} ms (p99), ${most} ms (most)`;

const count = (findings: readonly Finding[], promise: string): number =>
  findings.filter((f) => f.promise === promise).length;

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'veche-fault-'));

/** Promises must hold. */
const trial = async (seed: number): Promise<boolean> => {
  const folder = newFolder();
  const all = (cluster: Cluster) => rounds(cluster, new Numbers(seed), Number(values.faults), only);
  const outcome = await run({ seed, bus, rounds: all, seconds: Number(values.seconds), folder, say });
  tell(outcome);
  const held = outcome.findings.length === 0;
  if (!held) console.log(`broken promises with seed ${seed}; logs and diaries are in ${folder}`);
  else if (!values.keep) rmSync(folder, { recursive: true, force: true });
  return held;
};

/** Every promise is broken on purpose and found to be broken; with nothing broken, nothing is found. */
const proof = async (seed: number): Promise<boolean> => {
  let proven = true;
  for (const breach of [undefined, ...sabotages()]) {
    const name = breach?.name ?? 'nothing broken';
    if (only && !only.includes(name)) continue;
    const folder = newFolder();
    const { findings } = await run({
      seed,
      bus,
      rounds: littleTrouble,
      folder,
      sabotage: breach,
      say: () => undefined,
    });
    const noticed = breach ? count(findings, breach.breaks) > 0 : findings.length === 0;
    const found = Object.keys(PROMISES).filter((p) => count(findings, p) > 0);
    say(
      `${noticed ? 'ok  ' : 'FAIL'} ${name}: found ${found.map((p) => `${count(findings, p)} ${p}`).join(', ') || 'nothing'}`,
    );
    if (noticed && !values.keep) rmSync(folder, { recursive: true, force: true });
    else {
      list(findings);
      say(`     logs and diaries are in ${folder}`);
    }
    proven &&= noticed;
  }
  return proven;
};

const main = async (): Promise<void> => {
  const seed = Number(values.seed);
  console.log(`seed ${seed}`);
  buildWhenStale();
  const good = await (values.sabotage ? proof(seed) : trial(seed));
  process.exitCode = good ? 0 : 1;
};

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
