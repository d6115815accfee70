import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { Follower } from '../harness/follower';
import { crowd, Person } from '../harness/people';
import { Refused } from '../harness/rest';
import { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';
import type { Entry, Room, Synced } from '../harness/wire';

const doors = sharedDoors();
const PEOPLE = 4;

/** What one of the people does next. */
const action = fc.record({
  who: fc.nat(PEOPLE - 1),
  room: fc.nat(1),
  /** Whether this person waits for the answer before doing anything else. */
  waits: fc.boolean(),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant('send' as const) },
    { weight: 3, arbitrary: fc.constant('retry' as const) },
    { weight: 2, arbitrary: fc.constant('reconnect' as const) },
    { weight: 2, arbitrary: fc.constant('sync' as const) },
    { weight: 1, arbitrary: fc.constant('leave' as const) },
    { weight: 2, arbitrary: fc.constant('join' as const) },
  ),
  pick: fc.nat(1000),
});
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** What an action may be refused with, when others act at the same time. */
const EXPECTED = new Set(['not_a_member', 'owner_must_hand_over', 'room_not_found']);

class Participant {
  readonly socket: Socket;
  readonly follower: Follower;
  readonly sent: { roomId: string; clientId: string }[] = [];
  readonly acknowledged: { roomId: string; clientId: string; entry: Entry }[] = [];
  private readonly under = new Set<Promise<void>>();
  private connecting: Promise<unknown>;

  constructor(
    readonly person: Person,
    private readonly rooms: readonly Room[],
    gateway: string,
  ) {
    this.socket = new Socket(gateway, person.token);
    this.follower = new Follower(this.socket, (id) => rooms.some((r) => r.id === id));
    this.connecting = this.socket.connect();
  }

  async does(action: Action): Promise<void> {
    const doing = this.perform(action).catch((error: unknown) => {
      const lost = error instanceof Error && error.message.includes('disconnected');
      if (!lost && !(error instanceof Refused && EXPECTED.has(error.code))) throw error;
    });
    this.under.add(doing);
    if (action.waits) await doing;
  }

  /** Resolves when all that it does is done. */
  async rests(): Promise<void> {
    await Promise.all(this.under);
    await this.connecting;
  }

  private async perform({ what, room, pick }: Action): Promise<void> {
    const { id } = this.rooms[room]!;
    await this.connecting;
    if (what === 'send') {
      const clientId = randomUUID();
      this.sent.push({ roomId: id, clientId });
      await this.send(id, clientId);
    } else if (what === 'retry') {
      const earlier = this.sent.at(pick % Math.max(1, this.sent.length));
      if (earlier) await this.send(earlier.roomId, earlier.clientId);
    } else if (what === 'reconnect') {
      await (this.connecting = this.connecting.then(() => {
        this.socket.close();
        return this.socket.connect();
      }));
    } else if (what === 'sync') {
      const after = pick % (this.follower.last(id) + 1);
      const { rooms } = await this.socket.call<Synced>('sync', { rooms: { [id]: after } });
      const page = rooms[id];
      const { events, lastSeq } = page && !page.error ? page : { events: [], lastSeq: after };
      expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => after + i + 1));
      expect(events.length).toBe(lastSeq - after);
    } else if (what === 'leave') await this.person.rest.post(`/rooms/${id}/leave`);
    else await this.person.rest.post(`/rooms/${id}/join`);
  }

  private async send(roomId: string, clientId: string): Promise<void> {
    const entry = await this.socket.send(roomId, `from ${this.person.username}`, clientId);
    this.acknowledged.push({ roomId, clientId, entry });
  }
}

test('whatever people do at once, what a client holds and what follows is the log as fetched again', async () => {
  const people = await crowd(doors, PEOPLE);
  const [owner] = people as [Person];
  const outsider = await Person.register(doors);
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 15, maxLength: 60 }), async (actions) => {
      const rooms = await Promise.all([
        owner.createRoom('public'),
        owner.createRoom('public', people.slice(1)),
      ]);
      await Promise.all(rooms.map((r) => outsider.rest.post(`/rooms/${r.id}/join`)));
      const participants = people.map(
        (p, i) => new Participant(p, rooms, doors.gateways[i % doors.gateways.length]!),
      );
      try {
        await Promise.all(participants.map((p) => p.rests()));
        // each acts in the order given, all of them at once
        await Promise.all(
          participants.map(async (p, who) => {
            for (const a of actions.filter((x) => x.who === who)) await p.does(a);
            await p.rests();
          }),
        );
        for (const { id } of rooms) {
          const log = await outsider.log(id);
          expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i + 1));
          for (const p of participants) {
            const move = log.findLast((e) => e.userId === p.person.id);
            if (p.person === owner || move?.type === 'member.joined') {
              await p.follower.reaches(id, log.length);
              expect(p.follower.log(id)).toEqual(log);
              expect(await p.person.log(id)).toEqual(log);
            } else {
              // who was offline at the time of leaving has not heard of it
              const held = p.follower.log(id);
              expect(held.length).toBeLessThanOrEqual(move?.seq ?? 0);
              expect(held).toEqual(log.slice(0, held.length));
            }
          }
        }
        for (const p of participants) {
          expect(p.follower.faults).toEqual([]);
          for (const { roomId, clientId, entry } of p.acknowledged) {
            const log = await outsider.log(roomId);
            expect(log[entry.seq - 1]).toEqual(entry);
            expect(log.filter((e) => e.clientId === clientId)).toEqual([entry]);
          }
        }
      } finally {
        participants.forEach((p) => p.socket.close());
      }
    }),
    { numRuns: 12, interruptAfterTimeLimit: 60_000, endOnFailure: true },
  );
});
