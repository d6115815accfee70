import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../harness/people';
import { inTurns } from '../harness/waiting';
import { Histogram } from './histogram';
import { processorTime } from './processor-time';
import type { VecheTarget } from './targets';
import { WireClient } from './wire-client';

export interface CrowdFigures {
  readonly joinsPerSecond: number;
  readonly refused: number;
  readonly brokenConnections: number;
  /** Milliseconds of a message elsewhere, one at a time, while they join. */
  readonly elsewhere: { p50: number; p99: number };
  /** Until everybody who was there has heard of the last who came. */
  readonly secondsUntilHeard: number;
  readonly serverSeconds: number;
}

const MEMBERS = 1_000;
const JOINING = 2_000;
const HEARD_WITHIN_MS = 60_000;
const EVENT = Buffer.from('["event"');

/** Joins over connections that many share, as those of a proxy are. */
const joinsOver = (gateway: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const join = (person: Person, roomId: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${person.token}` };
      request(`${gateway}/api/v1/rooms/${roomId}/join`, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', reject)
        .end();
    });
  return { join, close: () => agent.destroy() };
};

/** Two thousand people with a connection each come into a room where a thousand are, all in the same moment. */
export const crowd = async (target: VecheTarget): Promise<CrowdFigures> => {
  const people = await target.atLeast(MEMBERS + JOINING + 1);
  const [writer, ...others] = people.slice(0, MEMBERS + JOINING + 1) as [Person, ...Person[]];
  const [members, joining] = [others.slice(0, MEMBERS), others.slice(MEMBERS)];
  const { gateway } = writer.rest;
  const { join, close } = joinsOver(gateway);
  const { id: roomId } = await writer.createRoom('public');
  await inTurns(members, 16, (person) => join(person, roomId));
  const { id: elsewhere } = await writer.createRoom('private');

  let on = true;
  let brokenConnections = 0;
  let lastHeard = 0;
  const heardOf = new Map<Person, number>();
  const clients = await inTurns(others, 32, (person) => {
    heardOf.set(person, 0);
    return WireClient.open(gateway, person.token, {
      event: (payload) => {
        if (payload.compare(EVENT, 0, EVENT.length, 0, EVENT.length) !== 0) return;
        heardOf.set(person, (heardOf.get(person) ?? 0) + 1);
        lastHeard = performance.now();
      },
      closed: () => {
        if (on) brokenConnections++;
      },
    });
  });
  const sender = await WireClient.open(gateway, writer.token, {
    event: () => undefined,
    closed: () => undefined,
  });

  const times = new Histogram();
  let joiningNow = true;
  const sending = (async () => {
    while (joiningNow) {
      const from = performance.now();
      await sender.call('message:send', { roomId: elsewhere, text: 'and so on', clientId: randomUUID() });
      times.add(performance.now() - from);
      await pause(2);
    }
  })();
  const cpu = processorTime(target.pid);
  const from = performance.now();
  const statuses = await Promise.all(joining.map((person) => join(person, roomId).catch(() => 0)));
  const seconds = (performance.now() - from) / 1000;
  const refused = statuses.filter((status) => status !== 200).length;
  // whoever was there before hears of each
  const whole = (): boolean => members.every((person) => (heardOf.get(person) ?? 0) >= JOINING - refused);
  while (
    !whole() &&
    performance.now() - lastHeard < HEARD_WITHIN_MS / 10 &&
    performance.now() - from < HEARD_WITHIN_MS
  )
    await pause(10);
  joiningNow = false;
  await sending;
  const serverSeconds = (processorTime(target.pid) - cpu) / 1000;
  on = false;
  for (const client of [...clients, sender]) client.close();
  close();
  return {
    joinsPerSecond: (JOINING - refused) / seconds,
    refused,
    brokenConnections,
    elsewhere: { p50: times.quantile(0.5), p99: times.quantile(0.99) },
    secondsUntilHeard: (lastHeard - from) / 1000,
    serverSeconds,
  };
};
