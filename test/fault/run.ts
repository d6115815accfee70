import { eventually } from '@veche/testing';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { forkTypeScript, nextMessage } from '../harness/fork';
import { Numbers } from '../harness/numbers';
import { PASSWORD_MARK } from '../harness/people';
import { Rest } from '../harness/rest';
import { within } from '../harness/waiting';
import type { Room, SignedIn } from '../harness/wire';
import { check, type Diary, type Finding, type Log } from './checker.rules';
import { type BusName, Cluster, type Sabotage } from './cluster';
import type { CrowdJob, FromCrowd, Somebody, ToCrowd } from './crowd';
import { readDiary } from './diary';
import type { Fault } from './faults';
import { History } from './history';
import { Keeper } from './keeper';

export interface Plan {
  readonly seed: number;
  readonly bus: BusName;
  readonly rounds: (cluster: Cluster) => Iterable<readonly Fault[]>;
  /** When the last round may begin. */
  readonly seconds?: number;
  /** Where processes log and clients keep their diaries. */
  readonly folder: string;
  readonly sabotage?: Sabotage;
  /** Is told what happens, as it does. */
  readonly say: (line: string) => void;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  /** How often each kind happened, and the longest that it took to be whole after one, in milliseconds. */
  readonly faults: Readonly<Record<string, { times: number; healMs: number }>>;
  readonly seconds: number;
  readonly entries: number;
  readonly acknowledged: number;
  /** Times that a message was sent in vain, or once more. */
  readonly resent: number;
  /** Entries that reached somebody. */
  readonly deliveries: number;
  readonly membershipChanges: number;
  readonly reconnects: number;
  /** The longest time from the end of a fault until everybody was whole, and after what that was. */
  readonly longestHeal: { readonly ms: number; readonly after: string };
  readonly medianHealMs: number;
  /** From the first time that a message was sent until its acknowledgement, in milliseconds. */
  readonly waitMs: Spread;
  /** From the commit of an entry until it was pushed to a socket. */
  readonly wayMs: Spread;
}

interface Spread {
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** How long everybody may take to be whole after a fault is over: the longest wait that the product has is half of it. */
const HEAL_MS = 30_000;
const CROWDS = 2;
const DOORS: readonly Somebody['door'][] = ['socket', 'socket', 'socket', 'socket', 'grpc', 'rest'];
const TALK_PAUSE_MS = 400;
const KEEP_PAUSE_MS = 500;

const register = async (gateway: string, username: string): Promise<{ rest: Rest; user: string }> => {
  const rest = new Rest(gateway);
  const answer = await rest.post<SignedIn>('/auth/register', {
    username,
    email: `${username}@example.org`,
    password: `${PASSWORD_MARK} ${randomUUID()}`,
  });
  rest.token = answer.accessToken;
  return { rest, user: answer.user.id };
};

class Crowd {
  private readonly process: ChildProcess = forkTypeScript(join(__dirname, 'crowd.ts'));
  reconnects = 0;

  /** @returns who is behind, where the order was to catch up */
  async order(order: ToCrowd, ms: number): Promise<string[]> {
    const answer = nextMessage<Extract<FromCrowd, { done: true }>>(this.process);
    this.process.send(order);
    const { behind, reconnects } = await within(ms, `a crowd at ${Object.keys(order)[0]}`, answer);
    this.reconnects = reconnects;
    return behind;
  }

  end(): void {
    this.process.kill('SIGKILL');
  }
}

/** One run: people talk, things break, everything heals, and what everybody saw is held against the promises. */
export const run = async (plan: Plan): Promise<Outcome> => {
  const cluster = await Cluster.start(plan.folder, plan.bus, plan.sabotage);
  const ends: (() => unknown)[] = [() => cluster.end()];
  try {
    return await during(plan, cluster, ends);
  } finally {
    for (const end of ends.reverse()) await end();
  }
};

const during = async (plan: Plan, cluster: Cluster, ends: (() => unknown)[]): Promise<Outcome> => {
  const { seed, folder, say } = plan;
  const { gateway, chat } = cluster.doors;
  const findings: Finding[] = [];
  const owner = await register(gateway, 'owner');
  const people: Somebody[] = [];
  for (let n = 0; n < CROWDS; n++)
    for (const [i, door] of DOORS.entries()) {
      const name = `${door}-${n + 1}${i + 1}`;
      const { rest, user } = await register(gateway, name);
      people.push({ name, user, token: rest.token ?? '', door });
    }
  const members = people.map((p) => p.name);
  const open = async (name: string): Promise<string> =>
    (await owner.rest.post<Room>('/rooms', { name, kind: 'private', members })).id;
  const [quiet, ...busy] = [await open('quiet'), await open('busy'), await open('busier')];

  const crowds: Crowd[] = [];
  for (let n = 0; n < CROWDS; n++) {
    const crowd = new Crowd();
    crowds.push(crowd);
    ends.push(() => crowd.end());
    const own = people.slice(n * DOORS.length, (n + 1) * DOORS.length);
    const job: CrowdJob = {
      ...{ seed: seed + 1_000 * (n + 1), folder, gateway, chat, quiet, pauseMs: TALK_PAUSE_MS },
      ...{ people: own, rooms: [quiet, ...busy] },
    };
    await crowd.order({ begin: job }, 20_000);
  }
  const keeper = new Keeper(
    owner.rest,
    new Numbers(seed + 1),
    busy,
    people.map((p) => p.user),
  );
  keeper.begin(KEEP_PAUSE_MS);
  ends.push(() => keeper.end());

  const history = new History(cluster.databaseUrl);
  const catchUp = async (): Promise<string[]> => {
    const targets = await history.lastSeqs();
    const orders = crowds.map((c) => c.order({ catchUp: targets, within: HEAL_MS }, 2 * HEAL_MS));
    return (await Promise.all(orders)).flat();
  };

  const begun = performance.now();
  const kinds: Record<string, { times: number; healMs: number }> = {};
  const heals: { ms: number; after: string }[] = [];
  for (const round of plan.rounds(cluster)) {
    if (performance.now() - begun > 1_000 * (plan.seconds ?? Infinity)) break;
    await pause(1_000);
    const after = round.map((f) => f.what).join('; ');
    say(after);
    await Promise.all(round.map((fault) => befall(fault, findings)));
    await raise(cluster, findings);
    const over = performance.now();
    const behind = await catchUp();
    const ms = Math.round(performance.now() - over);
    heals.push({ ms, after });
    for (const { kind } of round) {
      const { times, healMs } = kinds[kind] ?? { times: 0, healMs: 0 };
      kinds[kind] = { times: times + 1, healMs: Math.max(healMs, ms) };
    }
    say(`  whole again after ${ms} ms`);
    if (behind.length === 0) continue;
    findings.push({
      promise: 'missing',
      what: `not whole ${HEAL_MS} ms after ${after}: ${behind.join(', ')}`,
    });
    break;
  }

  await keeper.end();
  await Promise.all(
    crowds.map((c) => c.order({ fallSilent: true }, 2 * HEAL_MS).catch((e: Error) => missing(findings, e))),
  );
  const behind = await catchUp();
  if (behind.length > 0) findings.push({ promise: 'missing', what: `in the end: ${behind.join(', ')}` });
  await eventually(async () => (await history.untold()) === 0, { within: 10_000 }).catch(() => undefined);
  await Promise.all(crowds.map((c) => c.order({ finish: true }, HEAL_MS)));
  const seconds = (performance.now() - begun) / 1000;

  const log = await history.log();
  const diaries = people.map((p) => readDiary(join(folder, `${p.name}.diary`)));
  findings.push(...check(log, diaries));
  findings.push(...keeper.findings.map((what): Finding => ({ promise: 'manners', what: `owner: ${what}` })));
  return {
    findings,
    faults: kinds,
    seconds,
    ...figures(log, diaries),
    membershipChanges: keeper.changes,
    reconnects: crowds.reduce((sum, c) => sum + c.reconnects, 0),
    longestHeal: heals.reduce((worst, heal) => (heal.ms > worst.ms ? heal : worst), {
      ms: 0,
      after: 'nothing',
    }),
    medianHealMs: heals.map((h) => h.ms).sort((a, b) => a - b)[Math.floor(heals.length / 2)] ?? 0,
  };
};

const missing = (findings: Finding[], error: Error): void => {
  findings.push({ promise: 'missing', what: error.message });
};

/** Who has ended without being asked to is a finding; with them away, the run would find little else. */
const raise = async (cluster: Cluster, findings: Finding[]): Promise<void> => {
  for (const part of cluster.parts.values()) {
    if (part.runs) continue;
    findings.push({ promise: 'manners', what: `${part.name} has ended by itself` });
    await part.start();
  }
};

/** What does not come back, or does not leave when asked to, is a finding too. */
const befall = async (fault: Fault, findings: Finding[]): Promise<void> => {
  try {
    await fault.happen();
  } catch (error) {
    findings.push({ promise: 'manners', what: `${fault.what}: ${(error as Error).message}` });
  }
};

const figures = (log: Log, diaries: readonly Diary[]) => {
  const committed = new Map(log.entries.map((e) => [`${e.room} ${e.seq}`, e.at]));
  const waits: number[] = [];
  const ways: number[] = [];
  let [asks, read] = [0, 0];
  for (const { notes } of diaries) {
    const waiting = new Map<string, number>();
    for (const note of notes) {
      if (note.kind === 'asked') asks++;
      if (note.kind === 'asked' && !waiting.has(note.clientId)) waiting.set(note.clientId, note.at);
      if (note.kind === 'answered') {
        waits.push(note.at - (waiting.get(note.clientId) ?? note.at));
        // what is answered once more was answered at once
        waiting.set(note.clientId, Infinity);
      }
      if (note.kind === 'page') read += note.entries.length;
      if (note.kind === 'pushed' && !note.replay)
        ways.push(note.at - (committed.get(`${note.room} ${note.entry[0]}`) ?? note.at));
    }
  }
  const answered = waits.filter((ms) => ms >= 0);
  return {
    entries: log.entries.length,
    acknowledged: answered.length,
    resent: asks - answered.length,
    deliveries: ways.length + read,
    waitMs: spread(answered),
    wayMs: spread(ways),
  };
};

const spread = (times: readonly number[]): Spread => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { median: at(0.5), p99: at(0.99), most: at(1) };
};
