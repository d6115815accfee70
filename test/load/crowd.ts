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
  /** Until everybody who was there knows how far the room is with the last who came. */
  readonly secondsUntilHeard: number;
  readonly serverSeconds: number;
}

const MEMBERS = 1_000;
const JOINING = 2_000;
const HEARD_WITHIN_MS = 60_000;
const MOVED = '["room:moved",';
/** What tells how far the room is: an entry of one's own, or as much for who does not look at it. */
const seqIn = (payload: Buffer): number => {
  const text = payload.toString('utf8');
  if (!text.startsWith(MOVED) && !text.startsWith('["event",')) return 0;
  const [, told] = JSON.parse(text) as [string, { seq?: number; lastSeq?: number }];
  return told.lastSeq ?? told.seq ?? 0;
};

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
  /** How far each knows the room to be. */
  const known = new Map<Person, number>();
  const clients = await inTurns(others, 32, (person) => {
    known.set(person, 0);
    return WireClient.open(gateway, person.token, {
      event: (payload) => {
        const seq = seqIn(payload);
        if (seq <= (known.get(person) ?? 0)) return;
        known.set(person, seq);
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
  // it was made, and each who is in it came by an entry
  const last = 1 + MEMBERS + JOINING - refused;
  const whole = (): boolean => members.every((person) => (known.get(person) ?? 0) >= last);
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
