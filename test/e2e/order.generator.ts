import { randomUUID } from 'node:crypto';
import { Follower } from '../harness/follower';
import { Socket } from '../harness/socket';
import { inTurns } from '../harness/waiting';
import type { Entry } from '../harness/wire';

export interface Job {
  senders: { token: string; gateway: string; rooms: string[] }[];
  /** How many messages each sender writes into each of its rooms. */
  messages: number;
  seed: number;
}

/** What a message was acknowledged with, each time. */
export interface Acknowledged {
  roomId: string;
  clientId: string;
  seq: number;
  id: string;
  at: string;
}

export interface Outcome {
  acknowledged: Acknowledged[];
  /** For each sender and room: the `seq:id` of what it heard, in the order it took it in. */
  heard: Record<string, string[]>[];
  faults: string[];
}

export type ToGenerator = { start: Job } | { finish: Record<string, number> };
export type FromGenerator = { sent: true } | { outcome: Outcome } | { failed: string };

/** A generator of pseudo-random numbers in [0, 1) that a seed determines (mulberry32, public domain). */
const numbers = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** Somebody on a bad line: sends everything, some of it twice, and now and then loses the connection. */
class Sender {
  readonly socket: Socket;
  readonly follower: Follower;
  readonly acknowledged: Acknowledged[] = [];
  private connecting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly as: Job['senders'][number],
    private readonly random: () => number,
  ) {
    this.socket = new Socket(as.gateway, as.token);
    this.follower = new Follower(this.socket, (id) => as.rooms.includes(id));
  }

  /** Closes what is open, when what went before is done. */
  connect(): Promise<unknown> {
    return (this.connecting = this.connecting.then(() => {
      this.socket.close();
      return this.socket.connect();
    }));
  }

  /** Resolves when each of them was acknowledged. */
  async write(messages: number): Promise<void> {
    const work = this.as.rooms.flatMap((roomId) => Array.from({ length: messages }, () => roomId));
    await inTurns(work, 3, async (roomId, n) => {
      const clientId = randomUUID();
      const text = `${n}`;
      if (this.random() < 0.04) void this.connect();
      const first = this.send(roomId, text, clientId);
      // impatient: asks again before there is an answer
      if (this.random() < 0.15) await this.send(roomId, `${text} again`, clientId);
      await first;
      // forgetful: asks again when it is long since done
      if (this.random() < 0.1) await this.send(roomId, `${text} once more`, clientId);
    });
  }

  /** Until it is acknowledged, however many connections that takes. */
  private async send(roomId: string, text: string, clientId: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      await this.connecting;
      try {
        const entry: Entry = await this.socket.send(roomId, text, clientId);
        this.acknowledged.push({ roomId, clientId, seq: entry.seq, id: entry.id ?? '', at: entry.at });
        return;
      } catch (error) {
        // only a lost connection may cost a try
        if (tries > 20 || !(error as Error).message.includes('disconnected')) throw error;
      }
    }
  }
}

let senders: Sender[] = [];
const tell = (message: FromGenerator): void => void process.send?.(message);

const start = async (job: Job): Promise<void> => {
  const random = numbers(job.seed);
  senders = job.senders.map((as) => new Sender(as, random));
  await inTurns(senders, 5, (s) => s.connect());
  await Promise.all(senders.map((s) => s.write(job.messages)));
  tell({ sent: true });
};

const finish = async (last: Record<string, number>): Promise<void> => {
  const heard = await Promise.all(
    senders.map(async ({ follower }) => {
      const rooms = [...follower.logs.keys()];
      await Promise.all(rooms.map((id) => follower.reaches(id, last[id] ?? Infinity, 30_000)));
      return Object.fromEntries(
        rooms.map((id) => [id, follower.log(id).map((e) => `${e.seq}:${e.id ?? ''}`)]),
      );
    }),
  );
  const outcome = {
    heard,
    acknowledged: senders.flatMap((s) => s.acknowledged),
    faults: senders.flatMap((s) => s.follower.faults),
  };
  senders.forEach((s) => s.socket.close());
  tell({ outcome });
};

process.on('message', (message: ToGenerator) => {
  const work = 'start' in message ? start(message.start) : finish(message.finish);
  work.catch((error: Error) => tell({ failed: error.stack ?? error.message }));
});
process.on('disconnect', () => process.exit());
