import type { Person } from '../harness/people';
import { inTurns } from '../harness/waiting';
import { processorTime } from './processor-time';
import type { VecheTarget } from './targets';
import { WireClient } from './wire-client';

export interface ReaderFigures {
  readonly readers: number;
  readonly marksPerSecond: number;
  /** What the devices of the room hear of each mark. */
  readonly framesPerMark: number;
  /** Milliseconds of the server's processor. */
  readonly processorPerMark: number;
}

const READERS = 200;
const ROUNDS = 20;
const READ = Buffer.from('["read"');

/** A room in which everybody reads each message as it comes. */
export const readers = async (target: VecheTarget): Promise<ReaderFigures> => {
  const people = (await target.atLeast(READERS)).slice(0, READERS) as [Person, ...Person[]];
  const [first, ...others] = people;
  const { gateway } = first.rest;
  const { id: roomId } = await first.createRoom('public');
  await inTurns(others, 16, ({ rest }) => rest.post(`/rooms/${roomId}/join`));
  let frames = 0;
  const heard = {
    event: (payload: Buffer) => {
      if (payload.compare(READ, 0, READ.length, 0, READ.length) === 0) frames++;
    },
    closed: () => undefined,
  };
  const clients = await inTurns(people, 32, ({ token }) => WireClient.open(gateway, token, heard));
  let marks = 0;
  let ms = 0;
  const cpu = processorTime(target.pid);
  for (let i = 0; i < ROUNDS; i++) {
    const { seq } = await first.send(roomId, 'and so on');
    const from = performance.now();
    const answers = await Promise.all(clients.map((client) => client.call('read', { roomId, seq })));
    ms += performance.now() - from;
    marks += answers.filter((answer) => answer.startsWith('[{"ok":true')).length;
  }
  const busy = processorTime(target.pid) - cpu;
  // what was told last is still on its way
  await clients[0]?.call('sync', { rooms: {} });
  for (const client of clients) client.close();
  return {
    readers: READERS,
    marksPerSecond: (marks / ms) * 1000,
    framesPerMark: frames / marks,
    processorPerMark: busy / marks,
  };
};
