import { eventually } from '@veche/testing';
import { join } from 'node:path';
import { Numbers } from '../harness/numbers';
import type { Client } from './client';
import { DiaryWriter } from './diary';
import { RestClient } from './rest-client';
import { SocketClient } from './socket-client';
import { StreamClient } from './stream-client';

export interface Somebody {
  readonly name: string;
  readonly user: string;
  readonly token: string;
  readonly door: 'socket' | 'rest' | 'grpc';
}

/** What a crowd, a process of its own, is to be. */
export interface CrowdJob {
  readonly seed: number;
  readonly folder: string;
  readonly gateway: string;
  readonly chat: string;
  readonly people: readonly Somebody[];
  readonly rooms: readonly string[];
  /** The one of the rooms in which hardly anybody says anything. */
  readonly quiet: string;
  /** The mean time between two messages of one of them, in milliseconds. */
  readonly pauseMs: number;
}

export type ToCrowd =
  | { begin: CrowdJob }
  /** To hold the rooms up to these numbers, and to have an answer to all that was sent until now. */
  | { catchUp: Readonly<Record<string, number>>; within: number }
  | { fallSilent: true }
  | { finish: true };

/** Each order is answered once. */
export type FromCrowd = { done: true; reconnects: number; behind: string[] } | { failed: string };

let clients: Client[] = [];

const begin = async (job: CrowdJob): Promise<void> => {
  clients = job.people.map(({ name, user, token, door }, i) => {
    const diary = new DiaryWriter(join(job.folder, `${name}.diary`), name, user);
    const random = new Numbers(job.seed + i);
    switch (door) {
      case 'socket':
        return new SocketClient(diary, random, job.gateway, token);
      case 'rest':
        return new RestClient(diary, random, job.gateway, token, job.rooms);
      case 'grpc':
        return new StreamClient(diary, random, job.chat, token, job.rooms);
    }
  });
  for (const client of clients) {
    client.open();
    client.talk(job.pauseMs, job.quiet);
  }
};

/** @returns who is behind, and where, when the time is over */
const catchUp = async (targets: Readonly<Record<string, number>>, within: number): Promise<string[]> => {
  const unanswered = new Set(clients.filter((c) => c.unanswered > 0));
  for (const client of unanswered) void client.answered().then(() => unanswered.delete(client));
  const missing = (): string[] => [
    ...clients.flatMap((c) => c.behind(targets).map((what) => `${c.name}: ${what}`)),
    ...[...unanswered].map((c) => `${c.name}: ${c.unanswered} unanswered`),
  ];
  await eventually(() => missing().length === 0, { within }).catch(() => undefined);
  return missing();
};

const obey = async (order: ToCrowd): Promise<string[]> => {
  if ('begin' in order) await begin(order.begin);
  else if ('catchUp' in order) return catchUp(order.catchUp, order.within);
  else if ('fallSilent' in order) await Promise.all(clients.map((c) => c.fallSilent()));
  else await Promise.all(clients.map((c) => c.finish()));
  return [];
};

const tell = (message: FromCrowd): void => void process.send?.(message);

process.on('message', (order: ToCrowd) => {
  obey(order).then(
    (behind) => tell({ done: true, behind, reconnects: clients.reduce((n, c) => n + c.reconnects, 0) }),
    (error: Error) => tell({ failed: error.stack ?? error.message }),
  );
});
process.on('disconnect', () => process.exit());
