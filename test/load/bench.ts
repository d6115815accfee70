import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../harness/build';
import { forkTypeScript, nextMessage } from '../harness/fork';
import type { Counted, Job } from './generator';
import { Histogram } from './histogram';
import { type Scenario, SCENARIOS, type Seat } from './scenario';
import { isTargetName, startTarget, type Target } from './targets';

const HELP = `npm run bench -- [options]
  --clients 200      connected clients; the rooms divide them
  --seconds 4        how long each scenario is measured, after a second of warming up
  --generators 1     processes that make the load
  --scenario text    only scenarios whose name contains it
  --target bare,veche
  --out bench-results/latest.json
With TEST_DATABASE_URL or DATABASE_URL, Veche runs on that PostgreSQL, in a database made for it; otherwise on the
embedded database.`;

interface Figures {
  target: string;
  scenario: string;
  clients: number;
  sendsPerSecond: number;
  deliveriesPerSecond: number;
  /** Milliseconds until the sender is answered. */
  acknowledged: { p50: number; p99: number };
  /** Milliseconds until a member has it. */
  delivered: { p50: number; p99: number };
  refused: number;
  lostConnections: number;
}

const { values: options } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '4' },
    generators: { type: 'string', default: '1' },
    scenario: { type: 'string', default: '' },
    target: { type: 'string', default: 'bare,veche' },
    out: { type: 'string', default: join(ROOT, 'bench-results/latest.json') },
    help: { type: 'boolean', default: false },
  },
});

/** A room's people share a generator, so that each process has whole rooms. */
const divide = (seats: readonly Seat[], parts: number, roomSize: number): Seat[][] =>
  Array.from({ length: parts }, (_, p) =>
    seats.filter((_s, i) => Math.floor(i / roomSize) % parts === p),
  ).filter((part) => part.length > 0);

const measure = async (target: Target, scenario: Scenario): Promise<Figures> => {
  const clients = Number(options.clients);
  const seats = await target.seats(scenario, clients);
  const parts = divide(seats, Number(options.generators), scenario.roomSize);
  const counted = await Promise.all(
    parts.map(async (part) => {
      const child = forkTypeScript(join(__dirname, 'generator.ts'));
      const job: Job = {
        seats: part,
        scenario,
        rate: scenario.rate === undefined ? undefined : (scenario.rate * part.length) / seats.length,
        warmupMs: 1_000,
        measureMs: Number(options.seconds) * 1_000,
      };
      try {
        const answer = nextMessage<{ counted: Counted }>(child);
        child.send(job);
        return (await answer).counted;
      } finally {
        child.kill();
      }
    }),
  );
  const seconds = Math.max(...counted.map((c) => c.ms)) / 1000;
  const whole = (of: 'acknowledged' | 'delivered'): Histogram => {
    const sum = new Histogram();
    for (const c of counted) sum.merge(Histogram.from(c[of]));
    return sum;
  };
  const [acknowledged, delivered] = [whole('acknowledged'), whole('delivered')];
  return {
    target: target.name,
    scenario: scenario.name,
    clients,
    sendsPerSecond: acknowledged.total / seconds,
    deliveriesPerSecond: delivered.total / seconds,
    acknowledged: { p50: acknowledged.quantile(0.5), p99: acknowledged.quantile(0.99) },
    delivered: { p50: delivered.quantile(0.5), p99: delivered.quantile(0.99) },
    refused: counted.reduce((sum, c) => sum + c.refused, 0),
    lostConnections: counted.reduce((sum, c) => sum + c.lostConnections, 0),
  };
};

const ms = (value: number): string => value.toFixed(1).padStart(7);
const line = (f: Figures): string =>
  [
    `  ${f.target.padEnd(38)}`,
    Math.round(f.sendsPerSecond).toString().padStart(8),
    Math.round(f.deliveriesPerSecond).toString().padStart(10),
    `${ms(f.acknowledged.p50)} ${ms(f.acknowledged.p99)}`,
    `${ms(f.delivered.p50)} ${ms(f.delivered.p99)}`,
    f.refused + f.lostConnections > 0 ? `  ${f.refused} refused, ${f.lostConnections} connections lost` : '',
  ].join(' ');
const HEAD = [
  ' '.repeat(40),
  'sends/s'.padStart(8),
  'deliver/s'.padStart(10),
  'ack p50     p99'.padStart(15),
  'dlv p50     p99'.padStart(15),
  ' (ms)',
].join(' ');

const main = async (): Promise<void> => {
  if (options.help) return console.log(HELP);
  const names = options.target.split(',');
  const unknown = names.find((name) => !isTargetName(name));
  if (unknown !== undefined) throw new Error(`--target ${unknown} is not known\n${HELP}`);
  const scenarios = SCENARIOS.filter((s) => s.name.includes(options.scenario));
  if (scenarios.length === 0) throw new Error(`no scenario is called ${options.scenario}`);

  const figures: Figures[] = [];
  const targets: Target[] = [];
  try {
    for (const name of names.filter(isTargetName)) {
      console.log(`${name}: starting, and making ${options.clients} accounts where there are such`);
      targets.push(await startTarget(name, Number(options.clients)));
    }
    // in turns, so that whatever else the machine does meets all of them; who waits has no connections
    for (const scenario of scenarios) {
      console.log(scenario.name);
      for (const target of targets) figures.push(await measure(target, scenario));
    }
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
  console.log(
    `\n${options.clients} clients, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}\n${HEAD}`,
  );
  for (const scenario of scenarios)
    console.log([scenario.name, ...figures.filter((f) => f.scenario === scenario.name).map(line)].join('\n'));

  mkdirSync(dirname(options.out), { recursive: true });
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  writeFileSync(
    options.out,
    `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`,
  );
  console.log(`\nwritten to ${options.out}`);
};

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
