import type { Entry } from '@veche/protocol';
import { eventually } from '@veche/testing';
import fc from 'fast-check';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { type Device, SocketDoor } from '../../test/socket-door';

/** Each takes a third of a second. */
const RUNS = 5;
const LARGE = 3;
const userIds = Array.from({ length: 5 }, () => uuid());

/** What somebody holds of a room. */
interface Held {
  /** All up to this number. */
  head: number;
  readonly ahead: Set<number>;
}

/** A client that does what the documentation says, and no more. */
class Client {
  readonly rooms = new Map<string, Held>();
  readonly looking = new Set<string>();
  private readonly calls = new Set<Promise<void>>();
  private read = 0;
  gone = false;

  constructor(
    readonly userId: string,
    readonly device: Device,
  ) {}

  /** Takes what it was told since. @throws Error at what it need not expect */
  hear(): void {
    for (const { event, data } of this.device.heard.slice(this.read)) {
      this.read++;
      if (event === 'ready') for (const { id, lastSeq } of data.rooms) this.begin(id, lastSeq);
      if (event === 'event') this.take(data);
      if (event === 'room:moved' && !this.rooms.has(data.roomId))
        throw new Error('a room moved that the user is not in');
      if (event === 'room:removed') this.rooms.delete(data.roomId);
      if (event === 'room:added') {
        this.begin(data.room.id, data.room.lastSeq);
        if (this.looking.has(data.room.id)) this.enter(data.room.id);
      }
    }
  }

  /** From here on it looks; what is missing between is in the answer. */
  enter(roomId: string): void {
    this.looking.add(roomId);
    const call = this.entering(roomId).finally(() => this.calls.delete(call));
    this.calls.add(call);
  }

  exit(roomId: string): void {
    this.looking.delete(roomId);
    this.device.socket.emit('room:exit', { roomId });
  }

  async settled(): Promise<void> {
    while (this.calls.size > 0) await Promise.all(this.calls);
  }

  private async entering(roomId: string): Promise<void> {
    while (!this.gone && this.looking.has(roomId)) {
      const answer = await this.device
        .call('room:enter', { roomId, after: this.rooms.get(roomId)?.head ?? 0 })
        .catch(() => undefined);
      this.hear();
      if (answer?.ok) {
        for (const entry of answer.events as Entry[]) this.take(entry, true);
        if (answer.complete) return;
      } else if (answer && answer.error.code !== 'unavailable') return void this.looking.delete(roomId);
      await pause(1);
    }
  }

  private begin(roomId: string, head: number): void {
    if (this.rooms.has(roomId)) throw new Error('a room was added twice');
    this.rooms.set(roomId, { head, ahead: new Set() });
  }

  private take({ roomId, seq }: Entry, asked = false): void {
    const held = this.rooms.get(roomId);
    // an answer may have been on its way when the room was left
    if (!held && asked) return;
    if (!held) throw new Error('an entry of a room that the user is not in');
    if (seq > held.head) held.ahead.add(seq);
    while (held.ahead.delete(held.head + 1)) held.head++;
  }
}

const nth = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

const step = fc.record({
  what: fc.constantFrom(
    ...(['say', 'say', 'say', 'say', 'say', 'join', 'join', 'remove', 'connect', 'connect'] as const),
    ...(['enter', 'enter', 'enter', 'exit', 'disconnect', 'resync', 'hear', 'wait', 'wait'] as const),
  ),
  who: fc.nat({ max: 1000 }),
  where: fc.nat({ max: 1000 }),
});

const ways = {
  'is slow and reorders': { loss: 0, repeat: 0.2, failure: 0, delay: 8 },
  'loses and fails as well': { loss: 0.1, repeat: 0.2, failure: 0.1, delay: 8 },
};

test.each(Object.entries(ways))(
  'who looks at a large room misses nothing, and who enters it is whole, by a way that %s',
  async (_, faults) => {
    const run = async (
      steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
      seed: number,
    ) => {
      let state = seed;
      // a linear congruential generator (Numerical Recipes): any will do that a failing run can be repeated with
      const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
      const door = await SocketDoor.open({ LARGE_ROOM: LARGE }, random);
      const { chat } = door;
      const rooms = userIds.map((id) =>
        chat.create(id, ...userIds.filter(() => random() < 0.6 && id !== '')),
      );
      const clients: Client[] = [];
      const whole = (client: Client, roomIds: Iterable<string>): Promise<true> =>
        eventually(() => {
          client.hear();
          for (const id of roomIds)
            if (client.rooms.has(id))
              expect([id, client.rooms.get(id)?.head]).toEqual([id, chat.rooms.get(id)?.entries.length]);
          return true as const;
        });
      try {
        chat.faults = { ...faults };
        for (const { what, who, where } of steps) {
          const userId = nth(userIds, who);
          const room = nth(rooms, where);
          const client = clients.length > 0 ? nth(clients, who) : undefined;
          if (what === 'say') chat.say(room, userId);
          if (what === 'join') chat.join(room, userId);
          if (what === 'remove' && who % 3 === 0) chat.remove(room, userId);
          if (what === 'connect' && clients.length < 30)
            clients.push(new Client(userId, door.device(door.sessions.token(userId))));
          if (what === 'enter' && client?.rooms.has(room.id)) client.enter(room.id);
          if (what === 'exit' && client?.looking.has(room.id)) client.exit(room.id);
          if (what === 'disconnect' && client && where % 5 === 0)
            client.gone = client.device.socket.disconnect().disconnected;
          if (what === 'resync' && faults.loss > 0) chat.resync();
          if (what === 'hear') client?.hear();
          if (what === 'wait') await pause(random() * 6);
        }
        // the way is whole again, and says so
        await pause(10);
        chat.faults = { loss: 0, repeat: 0, failure: 0, delay: 1 };
        if (faults.loss > 0) chat.resync();

        const here = clients.filter(({ gone }) => !gone);
        for (const client of here) {
          await client.device.ready();
          const members = [...chat.rooms.values()].filter((room) => room.members.has(client.userId));
          await eventually(() => {
            client.hear();
            expect([...client.rooms.keys()].sort()).toEqual(members.map(({ id }) => id).sort());
            return true;
          });
          await client.settled();
          await whole(client, client.looking);
          for (const { id } of members) client.enter(id);
          await client.settled();
          await whole(client, client.rooms.keys());
        }
        for (const room of rooms) chat.say(room, userIds[0]!);
        for (const client of here) await whole(client, client.rooms.keys());
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

test('of a large room who does not look is told what concerns them, and how far it is', async () => {
  const door = await SocketDoor.open({ LARGE_ROOM: LARGE });
  try {
    const { chat } = door;
    const [anna, boris, clara] = userIds as [string, string, string];
    const room = chat.create(anna, boris, clara);
    const [looker, other] = [await door.connected(anna), await door.connected(boris)];
    await looker.call('room:enter', { roomId: room.id });
    for (let i = 0; i < 20; i++) chat.say(room, clara);
    const own = chat.say(room, boris);
    const last = chat.say(room, clara);
    await eventually(() => looker.seqs(room.id).at(-1) === last.seq);
    expect(looker.seqs(room.id)).toEqual(Array.from({ length: 22 }, (_, i) => i + 4));
    const moves = () => other.heard.flatMap(({ event, data }) => (event === 'room:moved' ? [data] : []));
    await eventually(() => moves().length > 0);
    expect(moves()[0]).toEqual({
      roomId: room.id,
      lastSeq: last.seq,
      lastMessage: { seq: last.seq, at: expect.any(String) },
    });
    expect(other.seqs(room.id)).toEqual([own.seq]);
    expect(looker.heard.some(({ event }) => event === 'room:moved')).toBe(false);

    // whoever is removed knows it, and hears nothing after it
    const gone = chat.remove(room, boris)!;
    chat.say(room, clara);
    await eventually(() => other.heard.at(-1)?.event === 'room:removed');
    expect(other.seqs(room.id)).toEqual([own.seq, gone.seq]);
  } finally {
    await door.close();
  }
});

test('a room that becomes large is told so by its numbers', async () => {
  const door = await SocketDoor.open({ LARGE_ROOM: LARGE });
  try {
    const { chat } = door;
    const [anna, boris, clara] = userIds as [string, string, string];
    const room = chat.create(anna, boris);
    const device = await door.connected(anna);
    const said = chat.say(room, boris);
    await eventually(() => device.seqs(room.id).at(-1) === said.seq);
    chat.join(room, clara);
    const last = chat.say(room, boris);
    await eventually(() =>
      device.heard.some(({ event, data }) => event === 'room:moved' && data.lastSeq === last.seq),
    );
    expect(device.seqs(room.id)).toEqual([said.seq]);
  } finally {
    await door.close();
  }
});
