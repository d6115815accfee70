import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhenStale } from '../harness/build';
import { type Finding, PROMISES } from './checker.rules';
import { type Outcome, run } from './run';

const SHORT = 12;
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: String(SHORT) },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    keep: { type: 'boolean', default: false },
  },
});

const started = performance.now();
const say = (line: string): void => {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`);
};

const tell = ({ findings, longestHeal, faults, ...figures }: Outcome): void => {
  const total = Object.values(faults).reduce((a, b) => a + b, 0);
  const byKind = Object.entries(faults).map(([kind, n]) => `${n} ${kind}`);
  console.log(`
faults              ${total}: ${byKind.join(', ')}
time                ${figures.seconds.toFixed(0)} s
entries in the logs ${figures.entries}
acknowledged        ${figures.acknowledged}, sent again ${figures.resent} times
delivered           ${figures.deliveries}
membership changes  ${figures.membershipChanges}
reconnects          ${figures.reconnects}
whole again         after ${figures.medianHealMs} ms (median); at most ${longestHeal.ms} ms, after: ${longestHeal.after}`);
  for (const [promise, meaning] of Object.entries(PROMISES))
    console.log(`${String(count(findings, promise)).padStart(7)} broken: ${meaning}`);
  for (const { promise, what } of findings.slice(0, SHOWN)) console.log(`  ${promise}: ${what}`);
  if (findings.length > SHOWN) console.log(`  and ${findings.length - SHOWN} more`);
};

const count = (findings: readonly Finding[], promise: string): number =>
  findings.filter((f) => f.promise === promise).length;

const main = async (): Promise<void> => {
  const seed = Number(values.seed);
  console.log(`seed ${seed}`);
  buildWhenStale();
  const folder = mkdtempSync(join(tmpdir(), 'veche-fault-'));
  const outcome = await run({ seed, faults: Number(values.faults), folder, say });
  tell(outcome);
  if (outcome.findings.length > 0) {
    process.exitCode = 1;
    console.log(`broken promises with seed ${seed}; logs and diaries are in ${folder}`);
  } else if (!values.keep) rmSync(folder, { recursive: true, force: true });
};

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
