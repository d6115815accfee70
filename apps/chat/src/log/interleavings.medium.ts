import type { Entry, SubscribeResponse } from '@veche/contracts';
import { RoomFeed } from '@veche/feed';
import { eventually, openTestDatabase, type TestDatabase } from '@veche/testing';
import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { hearing } from '../../test/hearing';
import { LossyBus } from '../../test/lossy-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { addMember, createRoom, removeMember } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';

const ROOMS = 2;
const PEOPLE = 3;

/** What somebody does, on one of two replicas. A client id is used again often: as a retry, or in another room. */
const action = fc.record({
  kind: fc.constantFrom('send', 'send', 'send', 'send', 'remove', 'add'),
  replica: fc.nat(1),
  room: fc.nat(ROOMS - 1),
  person: fc.nat(PEOPLE - 1),
  clientId: fc.nat(5),
});
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** Actions of one wave happen at the same moment; waves follow each other. */
const waves = fc.array(fc.array(action, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });

interface Outcome {
  readonly action: Action;
  readonly text: string;
  readonly entry?: Entry | undefined;
  readonly code?: string;
}

describe('whatever people do at the same moment', () => {
  let opened: TestDatabase;
  let bus: LossyBus;
  let replicas: [Replica, Replica];
  let chance = Math.random;
  const people = new People();

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    bus = new LossyBus(() => chance());
    replicas = [
      await startReplica(opened.url, bus, { people }),
      await startReplica(opened.url, bus, { people }),
    ];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  const logOf = async (roomId: string): Promise<Entry[]> => {
    const page = await replicas[0].delivery.listRoomEntries(
      { roomId, after: 0, limit: 1000 },
      { requestId: uuid() },
    );
    return page.entries;
  };

  /** A gateway: hears what a replica tells of its rooms, and holds each room's log. */
  const gateway = async (replica: Replica, rooms: readonly string[]) => {
    const logs = new Map(rooms.map((roomId) => [roomId, [] as Entry[]]));
    const feeds = new Map(
      rooms.map((roomId) => [
        roomId,
        new RoomFeed<Entry>({
          after: 0,
          emit: (entry) => logs.get(roomId)?.push(entry),
          refused: (error) => {
            throw error;
          },
          fetch: (after, limit) =>
            replica.delivery.listRoomEntries({ roomId, after, limit }, { requestId: uuid() }),
        }),
      ]),
    );
    const hear = ({ body }: SubscribeResponse): void => {
      if (body?.$case === 'resync') feeds.forEach((feed) => feed.refresh());
      if (body?.$case === 'entries')
        for (const entry of body.value.entries) feeds.get(entry.roomId)?.receive(entry);
    };
    const hears = hearing(replica, hear);
    await hears.rooms(...rooms);
    return { logs, stop: () => (hears.stop(), feeds.forEach((feed) => feed.close())) };
  };

  test('each log is 1..n, a client id is one message, rights hold at once, and all hear the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        waves,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (plan, luck) => {
          chance = () => luck.next().value as number;
          const ids = Array.from({ length: PEOPLE }, () => {
            const id = uuid();
            return people.add(id, 'user', id);
          });
          const clientIds = Array.from({ length: 6 }, () => uuid());
          const rooms: string[] = [];
          for (let i = 0; i < ROOMS; i++)
            rooms.push(await createRoom(replicas[0], 'public', ids as [string, ...string[]]));
          const gateways = await Promise.all(replicas.map((replica) => gateway(replica, rooms)));

          const act = async (what: Action, text: string): Promise<Outcome> => {
            const replica = replicas[what.replica as 0 | 1];
            const [roomId = '', userId = ''] = [rooms[what.room], ids[what.person]];
            if (what.kind === 'add') await addMember(replica, roomId, userId);
            if (what.kind === 'remove') await removeMember(replica, roomId, userId);
            if (what.kind !== 'send') return { action: what, text };
            const message = { roomId, text, clientId: clientIds[what.clientId] ?? '' };
            return replica.messages.sendMessage(message, by(userId)).then(
              ({ entry }) => ({ action: what, text, entry }),
              (error: { code: string }) => ({ action: what, text, code: error.code }),
            );
          };
          const outcomes: Outcome[] = [];
          for (const [w, wave] of plan.entries())
            outcomes.push(...(await Promise.all(wave.map((what, i) => act(what, `${w}.${i}`)))));

          const logs = await Promise.all(rooms.map(logOf));
          const committed = new Map<string, Entry>();
          for (const log of logs) {
            expect(log.map((e) => e.seq)).toEqual(log.map((_e, i) => i + 1));
            // the log itself is the oracle of who was a member when
            const members = new Set<string>();
            for (const entry of log) {
              const body = entry.body;
              if (body?.$case === 'roomCreated') members.add(entry.actorId);
              if (body?.$case === 'memberJoined') members.add(body.value.userId);
              if (body?.$case === 'memberRemoved') members.delete(body.value.userId);
              if (body?.$case !== 'messageCreated') continue;
              expect(members).toContain(entry.actorId);
              const key = `${entry.roomId} ${entry.actorId} ${body.value.clientId}`;
              expect(committed.has(key)).toBe(false);
              committed.set(key, entry);
            }
          }

          const keyOf = (what: Action): string =>
            `${rooms[what.room]} ${ids[what.person]} ${clientIds[what.clientId]}`;
          const sends = outcomes.filter((o) => o.action.kind === 'send');
          for (const { action: what, entry, code } of sends) {
            if (entry) expect(entry).toEqual(committed.get(keyOf(what)));
            if (code !== undefined) expect(code).toBe('not_a_member');
          }
          // nothing is in a log that nobody was told of, and what it says is what somebody sent
          for (const [key, entry] of committed) {
            const answers = sends.filter((o) => key === keyOf(o.action));
            expect(answers.some((o) => o.entry)).toBe(true);
            const body = entry.body;
            expect(answers.map((o) => o.text)).toContain(body?.$case === 'messageCreated' && body.value.text);
          }
          // who was never removed from a room is never refused there
          for (const { action: what, code } of sends) {
            const removed = plan
              .flat()
              .some((a) => a.kind === 'remove' && a.room === what.room && a.person === what.person);
            if (!removed) expect(code).not.toBe('not_a_member');
          }

          bus.mend();
          for (const { logs: held, stop } of gateways) {
            await eventually(() => rooms.every((roomId, i) => held.get(roomId)?.length === logs[i]?.length));
            rooms.forEach((roomId, i) => expect(held.get(roomId)).toEqual(logs[i]));
            stop();
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
