import { eventually } from '@veche/testing';
import fc from 'fast-check';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { type Device, type Heard, SocketDoor } from '../../test/socket-door';
import type { UnreliableChat } from '../../test/unreliable-chat';

type Room = ReturnType<UnreliableChat['create']>;

/** Each takes a third of a second. */
const RUNS = 5;
const userIds = Array.from({ length: 5 }, () => uuid());

/**
 * What a client may conclude from what it was told, by the documentation alone.
 * @throws Error at the first thing that a client need not expect
 */
const replay = (userId: string, heard: readonly Heard[]): Map<string, number> => {
  /** The last number of each room; of a room just added, the number that nothing may be missing after. */
  const last = new Map<string, { seq: number; exact: boolean }>();
  let leaving: string | undefined;
  for (const [i, { event, data }] of heard.entries()) {
    const wrong = (what: string): Error =>
      new Error(`${what}: ${JSON.stringify(heard.slice(Math.max(0, i - 5), i + 1))}`);
    if ((event === 'ready') !== (i === 0)) throw wrong('ready is not the first, or not the only one');
    if (leaving !== undefined && event !== 'room:removed') throw wrong('something came after a removal');
    switch (event) {
      case 'ready':
        for (const { id, lastSeq } of data.rooms) last.set(id, { seq: lastSeq, exact: true });
        break;
      case 'rooms':
        throw wrong('there are not so many rooms');
      case 'event': {
        const before = last.get(data.roomId);
        if (!before) throw wrong('an entry of a room that the user is not in');
        if (before.exact ? data.seq !== before.seq + 1 : data.seq > before.seq + 1)
          throw wrong(`${data.seq} came after ${before.seq}`);
        last.set(data.roomId, { seq: data.seq, exact: true });
        if (data.type === 'member.removed' && data.userId === userId) leaving = data.roomId;
        break;
      }
      case 'room:added':
        if (last.has(data.room.id)) throw wrong('a room was added twice');
        last.set(data.room.id, { seq: data.room.lastSeq, exact: false });
        break;
      case 'room:removed':
        if (!last.delete(data.roomId)) throw wrong('a room was removed that was not there');
        if (leaving !== undefined && leaving !== data.roomId) throw wrong('another room was removed');
        leaving = undefined;
        break;
    }
  }
  return new Map([...last].map(([id, { seq }]) => [id, seq]));
};

const nth = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

const step = fc.record({
  what: fc.constantFrom(
    ...(['say', 'say', 'say', 'say', 'say', 'join', 'join', 'remove', 'remove', 'read', 'create'] as const),
    ...(['delete', 'connect', 'connect', 'disconnect', 'break', 'resync', 'wait', 'wait', 'wait'] as const),
  ),
  who: fc.nat({ max: 1000 }),
  where: fc.nat({ max: 1000 }),
});

const ways = {
  'is slow and reorders': { loss: 0, repeat: 0.2, failure: 0, delay: 8 },
  'loses, breaks and fails as well': { loss: 0.1, repeat: 0.2, failure: 0.1, delay: 8 },
};

test.each(Object.entries(ways))(
  'rooms are heard once, in order and whole by a way that %s',
  async (_, faults) => {
    const run = async (
      steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
      seed: number,
    ) => {
      let state = seed;
      // a linear congruential generator (Numerical Recipes): any will do that a failing run can be repeated with
      const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
      const door = await SocketDoor.open({}, random);
      const { chat } = door;
      const rooms: Room[] = userIds.map((id) =>
        chat.create(id, ...userIds.filter(() => random() < 0.5 && id !== '')),
      );
      const devices: { userId: string; device: Device; gone?: boolean }[] = [];
      try {
        chat.faults = { ...faults };
        for (const { what, who, where } of steps) {
          const userId = nth(userIds, who);
          const room = nth(rooms, where);
          if (what === 'say' && chat.rooms.has(room.id)) chat.say(room, userId);
          if (what === 'join') chat.join(room, userId);
          if (what === 'remove') chat.remove(room, userId);
          if (what === 'create') rooms.push(chat.create(userId, nth(userIds, where)));
          if (what === 'delete' && who % 5 === 0) chat.delete(room);
          if (what === 'connect' && devices.length < 40)
            devices.push({ userId, device: door.device(door.sessions.token(userId)) });
          const going = what === 'disconnect' ? devices.at(who % 7) : undefined;
          if (going) going.gone = going.device.socket.disconnect().disconnected;
          if (what === 'break' && faults.loss > 0) chat.breakStreams();
          if (what === 'resync' && faults.loss > 0) chat.resync();
          if (what === 'wait') await pause(random() * 6);
        }
        if (faults.loss > 0) {
          // the way is whole again, and says so
          await pause(10);
          chat.faults = { loss: 0, repeat: 0, failure: 0, delay: 1 };
          await eventually(() => chat.listeners > 0);
          chat.resync();
        }

        for (const { userId, device, gone } of devices) {
          if (gone) continue;
          const expected = new Map(
            [...chat.rooms.values()]
              .filter((r) => r.members.has(userId))
              .map((r) => [r.id, r.entries.length]),
          );
          await eventually(() => {
            if (device.closedBy) throw new Error(device.closedBy);
            expect(replay(userId, device.heard)).toEqual(expected);
            return true;
          });
        }
        for (const { userId, device } of devices) replay(userId, device.heard);
      } finally {
        await door.close();
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 400, maxLength: 400 }), fc.nat(), run),
      // what the clock has its part in cannot be shrunk
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  60_000,
);
