import { join } from 'node:path';
import { forkTypeScript, nextMessage } from '../harness/fork';
import { crowd, type Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';
import type { Entry } from '../harness/wire';
import type { FromGenerator, Job, Outcome, ToGenerator } from './order.generator';

const doors = sharedDoors();
const SENDERS = 200;
const SMALL_ROOMS = 50;
const PROCESSES = 3;
const MESSAGES = 2;

/** Runs the job's senders in processes of their own. `settled` tells the last number of each room. */
const generate = async (
  jobs: readonly Job[],
  settled: () => Promise<Record<string, number>>,
): Promise<Outcome[]> => {
  const children = jobs.map(() => forkTypeScript(join(__dirname, 'order.generator.ts')));
  const ask = (message: (i: number) => ToGenerator) =>
    Promise.all(
      children.map(async (child, i) => {
        const answer = nextMessage<FromGenerator>(child);
        child.send(message(i));
        return answer;
      }),
    );
  try {
    await ask((i) => ({ start: jobs[i]! }));
    const last = await settled();
    const answers = await ask(() => ({ finish: last }));
    return answers.map((a) => ('outcome' in a ? a.outcome : (undefined as never)));
  } finally {
    children.forEach((child) => child.kill());
  }
};

test('200 senders in 51 rooms, with retries and lost connections, leave logs without gaps that everybody saw alike', async () => {
  const people = await crowd(doors, SENDERS);
  const [owner] = people as [Person];
  const everybody = await owner.createRoom('public', people.slice(1, 101));
  await inTurns(people.slice(101), 8, (p) => p.rest.post(`/rooms/${everybody.id}/join`));
  const small = await inTurns(Array.from({ length: SMALL_ROOMS }), 8, async (_, r) => {
    const [first, ...others] = people.filter((_p, i) => i % SMALL_ROOMS === r) as [Person, ...Person[]];
    return first.createRoom('private', others);
  });
  const rooms = [everybody, ...small].map((r) => r.id);

  const senders = people.map((p, i) => ({
    token: p.token,
    gateway: p.rest.gateway,
    rooms: [everybody.id, small[i % SMALL_ROOMS]?.id ?? ''],
  }));
  const jobs = Array.from({ length: PROCESSES }, (_, n) => ({
    senders: senders.filter((_s, i) => i % PROCESSES === n),
    messages: MESSAGES,
    seed: 20_261_121 + n,
  }));
  const logs = new Map<string, Entry[]>();
  const outcomes = await generate(jobs, async () => {
    await inTurns(rooms, 8, async (id, i) => {
      const member = i === 0 ? owner : people[i - 1]!;
      logs.set(id, await member.log(id));
    });
    return Object.fromEntries([...logs].map(([id, log]) => [id, log.length]));
  });

  expect(outcomes.flatMap((o) => o.faults)).toEqual([]);
  for (const log of logs.values()) expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));

  const acknowledged = outcomes.flatMap((o) => o.acknowledged);
  const written = [...logs.values()].flat().filter((e) => e.type === 'message.created');
  expect(written).toHaveLength(SENDERS * 2 * MESSAGES);
  expect(new Set(written.map((e) => e.clientId)).size).toBe(written.length);
  // there were retries, and each got the first answer: the very entry that is in the log
  expect(acknowledged.length).toBeGreaterThan(written.length);
  const wrong = acknowledged.filter(({ roomId, clientId, seq, id, at }) => {
    const entry = logs.get(roomId)?.[seq - 1];
    return entry?.clientId !== clientId || entry.id !== id || entry.at !== at;
  });
  expect(wrong).toEqual([]);

  const orders = new Map([...logs].map(([id, log]) => [id, log.map((e) => `${e.seq}:${e.id ?? ''}`)]));
  for (const heard of outcomes.flatMap((o) => o.heard)) {
    expect(Object.keys(heard)).toHaveLength(2);
    for (const [id, order] of Object.entries(heard)) expect(order).toEqual(orders.get(id));
  }
}, 150_000);
