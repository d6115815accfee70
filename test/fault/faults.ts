import { setTimeout as pause } from 'node:timers/promises';
import type { Numbers } from '../harness/numbers';
import type { BusName, Cluster } from './cluster';
import type { Link } from '../harness/link';
import type { Part } from './part';

/** Something that goes wrong, and is over when `happen` resolves. */
export interface Fault {
  readonly kind: string;
  readonly what: string;
  happen(): Promise<void>;
}

const APPS = ['auth', 'chat-1', 'chat-2', 'gateway-1', 'gateway-2'];
const LONG_MS = 10_000;

type Make = (cluster: Cluster, random: Numbers) => Fault;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const anApp = (cluster: Cluster, random: Numbers): Part => cluster.part(random.one(APPS));
const aLink = (cluster: Cluster, random: Numbers): Link => random.one([...cluster.links.values()]);
const toPostgres = (cluster: Cluster): Link[] =>
  [...cluster.links.values()].filter(({ name }) => /^chat.*postgres$/.test(name));

export const kill = (part: Part, awayMs: number): Fault => ({
  kind: 'kill',
  what: `${part.name} killed, back after ${seconds(awayMs)}`,
  happen: async () => {
    await part.kill();
    await pause(awayMs);
    await part.start();
  },
});

const freeze = (part: Part, ms: number): Fault => ({
  kind: 'freeze',
  what: `${part.name} stopped for ${seconds(ms)}, and continued`,
  happen: async () => {
    part.signal('SIGSTOP');
    await pause(ms);
    part.signal('SIGCONT');
  },
});

const restart = (part: Part): Fault => ({
  kind: 'restart',
  what: `${part.name} asked to leave, and started again`,
  happen: async () => {
    await part.stop();
    await part.start();
  },
});

/** `points.mjs` is loaded into the process: it ends itself at the point that the next commit reaches. */
const dieUntold = (part: Part): Fault => ({
  kind: 'kill-untold',
  what: `${part.name} killed between a commit and its publishing`,
  happen: async () => {
    part.signal('SIGUSR2');
    await part.goes(LONG_MS);
    await part.start();
  },
});

/** Likewise: it stops with a transaction open, and so with rooms locked. */
const freezeInTransaction = (part: Part, ms: number): Fault => ({
  kind: 'freeze-locked',
  what: `${part.name} stopped for ${seconds(ms)} in a transaction, and continued`,
  happen: async () => {
    part.signal('SIGHUP');
    await pause(ms);
    part.signal('SIGCONT');
  },
});

export const cut = (link: Link, ms: number): Fault => ({
  kind: 'cut',
  what: `${link.name} cut for ${seconds(ms)}`,
  happen: async () => {
    link.cut();
    await pause(ms);
    link.mend();
  },
});

const stall = (link: Link, ms: number, broken: boolean): Fault => ({
  kind: 'stall',
  what: `${link.name} silent for ${seconds(ms)}, then ${broken ? 'broken' : 'as if nothing had been'}`,
  happen: async () => {
    link.stall();
    await pause(ms);
    if (broken) link.cut();
    link.mend();
  },
});

const lose = (link: Link): Fault => ({
  kind: 'lose',
  what: `connections of ${link.name} lost without a word`,
  happen: async () => link.lose(),
});

const deploy = (cluster: Cluster): Fault => ({
  kind: 'deploy',
  what: `every process replaced, one after the other`,
  happen: async () => {
    for (const name of APPS) await restart(cluster.part(name)).happen();
  },
});

/** As when the power fails, and comes back. */
const blackout = (cluster: Cluster): Fault => ({
  kind: 'blackout',
  what: 'every process killed at once, the databases too, and started again',
  happen: async () => {
    const parts = [...cluster.parts.values()];
    await Promise.all(parts.map((part) => part.kill()));
    // in the order of Cluster.parts, what others need comes first
    for (const part of parts) await part.start();
  },
});

interface Kind {
  readonly name: string;
  /** How likely it is, beside the others. */
  readonly weight: number;
  readonly make: Make;
  /** Takes long: not in a short run, where nobody asks for it. */
  readonly long?: true;
  /** Only where this is the bus. */
  readonly bus?: BusName;
}

const CHATS = ['chat-1', 'chat-2'];
const BUSES: readonly BusName[] = ['redis', 'kafka'];
/** What a run counts as long from. */
const LONG_RUN = 50;

const KINDS: readonly Kind[] = [
  { name: 'kill', weight: 6, make: (c, r) => kill(anApp(c, r), r.between(0, 2_000)) },
  { name: 'kill-untold', weight: 3, make: (c, r) => dieUntold(c.part(r.one(CHATS))) },
  { name: 'freeze', weight: 5, make: (c, r) => freeze(anApp(c, r), r.between(500, LONG_MS)) },
  {
    name: 'freeze-locked',
    weight: 2,
    make: (c, r) => freezeInTransaction(c.part(r.one(CHATS)), r.between(2_000, LONG_MS)),
  },
  { name: 'restart', weight: 3, make: (c, r) => restart(anApp(c, r)) },
  { name: 'cut', weight: 4, make: (c, r) => cut(aLink(c, r), r.between(0, 4_000)) },
  { name: 'stall', weight: 4, make: (c, r) => stall(aLink(c, r), r.between(500, LONG_MS), r.chance(0.5)) },
  { name: 'lose', weight: 2, make: (c, r) => lose(aLink(c, r)) },
  { name: 'lose-postgres', weight: 2, make: (c, r) => lose(r.one(toPostgres(c))) },
  ...BUSES.flatMap((bus): Kind[] => [
    { name: `kill-${bus}`, bus, weight: 2, make: (c, r) => kill(c.part(bus), r.between(1_000, LONG_MS)) },
    { name: `freeze-${bus}`, bus, weight: 1, make: (c, r) => freeze(c.part(bus), r.between(1_000, LONG_MS)) },
    { name: `no-${bus}`, bus, weight: 0.5, long: true, make: (c) => kill(c.part(bus), 60_000) },
  ]),
  { name: 'restart-postgres', weight: 1, make: (c) => restart(c.part('postgres')) },
  { name: 'kill-postgres', weight: 1, make: (c, r) => kill(c.part('postgres'), r.between(0, 3_000)) },
  { name: 'deploy', weight: 1, make: (c) => deploy(c) },
  { name: 'blackout', weight: 1, make: (c) => blackout(c) },
  { name: 'sleep', weight: 2, long: true, make: (c, r) => freeze(c.part(r.one(CHATS)), LONG_MS) },
];

const choose = (kinds: readonly Kind[], random: Numbers): Kind => {
  let left = random.next() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  return kinds.find(({ weight }) => (left -= weight) < 0) ?? choose(kinds, random);
};

/**
 * Rounds of faults; those of one round happen at the same time. One of each kind comes before chance decides.
 * @param only the names of the kinds that may come, where not all
 */
export function* rounds(
  cluster: Cluster,
  random: Numbers,
  count: number,
  only?: readonly string[],
): Generator<readonly Fault[]> {
  const kinds = KINDS.filter(
    ({ name, long, bus = cluster.bus }) =>
      bus === cluster.bus && (only ? only.includes(name) : long !== true || count >= LONG_RUN),
  );
  if (kinds.length === 0)
    throw new Error(`no such faults; there are: ${KINDS.map((k) => k.name).join(', ')}`);
  const first = shuffled(kinds, random);
  for (let done = 0; done < count;) {
    const { name, make } = first.pop() ?? choose(kinds, random);
    const round = [{ ...make(cluster, random), kind: name }];
    if (!only && random.chance(0.25) && done + 1 < count)
      round.push(cut(aLink(cluster, random), random.between(0, 2_000)));
    done += round.length;
    yield round;
  }
}

const shuffled = <T>(items: readonly T[], random: Numbers): T[] => {
  const rest = [...items];
  return items.map(() => rest.splice(random.between(0, rest.length - 1), 1)[0] as T);
};
