import type { Entry } from '@veche/contracts';
import { openTestDatabase, type TestDatabase } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { BreakableBus } from '../../test/breakable-bus';
import { People } from '../../test/people';
import { by, type Replica, startReplica } from '../../test/replica';
import { createRoom, removeMember } from '../../test/rooms';
import { CHAT_DATABASE } from '../chat.database';

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const textOf = (entry?: Entry) =>
  entry?.body?.$case === 'messageCreated' ? entry.body.value.text : undefined;

describe('messages', () => {
  let opened: TestDatabase;
  let replicas: [Replica, Replica];
  let here: Replica;
  const people = new People();
  /** Somebody whose access token is their id. */
  const somebody = () => {
    const id = uuid();
    return people.add(id, 'user', id);
  };
  const [anna, boris, eve] = [somebody(), somebody(), somebody()];

  beforeAll(async () => {
    opened = await openTestDatabase(CHAT_DATABASE);
    const bus = new BreakableBus();
    replicas = [
      await startReplica(opened.url, bus, { people }),
      await startReplica(opened.url, bus, { people }),
    ];
    [here] = replicas;
  });
  afterAll(async () => {
    await Promise.all(replicas.map((r) => r.close()));
    await opened.close();
  });

  const send = (roomId: string, userId: string, text: string, clientId = uuid(), replica = here) =>
    replica.messages.sendMessage({ roomId, text, clientId }, by(userId));
  const wholeLog = async (roomId: string): Promise<Entry[]> => {
    const entries: Entry[] = [];
    for (;;) {
      const page = await here.delivery.listRoomEntries(
        { roomId, after: entries.length, limit: 1000 },
        { requestId: uuid() },
      );
      if (page.entries.length === 0) return entries;
      entries.push(...page.entries);
    }
  };

  describe('sending', () => {
    test('is answered with the entry as everybody gets it', async () => {
      const roomId = await createRoom(here, 'private', [anna, boris]);
      const clientId = uuid();
      const { entry, repeated } = await send(roomId, anna, 'Привет 👋', clientId);
      expect(repeated).toBe(false);
      expect(entry).toMatchObject({
        roomId,
        seq: 3,
        actorId: anna,
        body: { $case: 'messageCreated', value: { text: 'Привет 👋', clientId } },
      });
      expect((await wholeLog(roomId)).at(-1)).toEqual(entry);
    });

    test('again with the same client id gets the first answer, from any replica', async () => {
      const roomId = await createRoom(here, 'private', [anna]);
      const clientId = uuid();
      const first = await send(roomId, anna, 'one', clientId);
      for (const replica of replicas)
        await expect(send(roomId, anna, 'other words', clientId, replica)).resolves.toEqual({
          entry: first.entry,
          repeated: true,
        });
    });

    test('the same client id many times at once is one message', async () => {
      const roomId = await createRoom(here, 'private', [anna]);
      const clientId = uuid();
      const answers = await Promise.all(
        numbers(0, 39).map((i) => send(roomId, anna, 'once', clientId, replicas[i % 2 ? 0 : 1])),
      );
      expect(new Set(answers.map((a) => a.entry?.seq))).toEqual(new Set([2]));
      expect(answers.filter((a) => !a.repeated)).toHaveLength(1);
      expect(await wholeLog(roomId)).toHaveLength(2);
    });

    test('a client id belongs to its author', async () => {
      const roomId = await createRoom(here, 'private', [anna, boris]);
      const clientId = uuid();
      const sent = await Promise.all([send(roomId, anna, 'a', clientId), send(roomId, boris, 'b', clientId)]);
      expect(sent.map((s) => s.repeated)).toEqual([false, false]);
    });

    test('a client id belongs to its room, however close two rooms come', async () => {
      for (let round = 0; round < 10; round++) {
        const clientId = uuid();
        const rooms = [await createRoom(here, 'private', [anna]), await createRoom(here, 'private', [anna])];
        const both = await Promise.all(
          rooms.map((roomId, i) => send(roomId, anna, 'x', clientId, replicas[i as 0 | 1])),
        );
        expect(both).toMatchObject(rooms.map((roomId) => ({ entry: { roomId, seq: 2 }, repeated: false })));
      }
    });

    test('is refused to who is no member, and tells only of public rooms that they exist', async () => {
      const rooms = { public: uuid(), private: uuid() };
      rooms.public = await createRoom(here, 'public', [anna]);
      rooms.private = await createRoom(here, 'private', [anna]);
      await expect(send(rooms.public, eve, 'x')).rejects.toMatchObject({ code: 'not_a_member' });
      await expect(send(rooms.private, eve, 'x')).rejects.toMatchObject({ code: 'room_not_found' });
      await expect(send(uuid(), eve, 'x')).rejects.toMatchObject({ code: 'room_not_found' });
    });

    test('answers a message of the same room and nothing else', async () => {
      const [roomId, other] = [
        await createRoom(here, 'private', [anna]),
        await createRoom(here, 'private', [anna]),
      ];
      const { entry } = await send(roomId, anna, 'question');
      const reply = (room: string, replyTo: number) =>
        here.messages.sendMessage({ roomId: room, text: 'answer', clientId: uuid(), replyTo }, by(anna));
      const sent = await reply(roomId, entry?.seq ?? 0);
      expect(sent.entry?.body).toMatchObject({ value: { replyTo: entry?.seq } });
      for (const bad of [reply(other, entry?.seq ?? 0), reply(roomId, 1), reply(roomId, 99)])
        await expect(bad).rejects.toMatchObject({ code: 'message_not_found' });
    });

    test('one bad message takes no other with it', async () => {
      const roomId = await createRoom(here, 'public', [anna]);
      const results = await Promise.allSettled([
        ...numbers(1, 20).map((i) => send(roomId, anna, `good ${i}`)),
        send(roomId, eve, 'not a member'),
        send(uuid(), anna, 'no such room'),
        here.messages.sendMessage({ roomId, text: 'x', clientId: uuid(), replyTo: 999 }, by(anna)),
        ...numbers(21, 40).map((i) => send(roomId, anna, `good ${i}`)),
      ]);
      const codes = results.flatMap((r) =>
        r.status === 'rejected' ? [(r.reason as { code: string }).code] : [],
      );
      expect(codes).toEqual(['not_a_member', 'room_not_found', 'message_not_found']);
      expect((await wholeLog(roomId)).slice(1).map(textOf)).toEqual(numbers(1, 40).map((i) => `good ${i}`));
    });

    test('who was removed can send nothing more', async () => {
      const roomId = await createRoom(here, 'private', [anna, boris]);
      const sending = numbers(1, 30).map((i) => send(roomId, boris, `${i}`, uuid(), replicas[i % 2 ? 0 : 1]));
      const removedAt = await removeMember(here, roomId, boris);
      const sent = (await Promise.allSettled(sending)).flatMap((r) =>
        r.status === 'fulfilled' ? [r.value.entry?.seq] : [],
      );
      expect(Math.max(0, ...sent.map((seq) => seq ?? 0))).toBeLessThan(removedAt);
      await expect(send(roomId, boris, 'x')).rejects.toMatchObject({ code: 'room_not_found' });
    });

    test('200 people at once, in one room and in fifty, on two replicas: no gap, no double, one order', async () => {
      const people = numbers(1, 200).map(somebody);
      const rooms = [];
      for (let i = 0; i < 51; i++)
        rooms.push(await createRoom(here, 'private', people as [string, ...string[]]));
      const [hall = '', ...side] = rooms;
      const sent = people.flatMap((userId, p) =>
        numbers(0, 4).flatMap((m) => {
          const roomId = m < 2 ? hall : (side[(p * 5 + m) % side.length] ?? '');
          const clientId = uuid();
          // each of them is sent twice, as by a client that lost the answer
          return [0, 1].map(async (i) => ({
            clientId,
            roomId,
            answer: await send(roomId, userId, `${p}/${m}`, clientId, replicas[i as 0 | 1]),
          }));
        }),
      );
      const answers = await Promise.all(sent);
      const seqs = new Map<string, Set<number | undefined>>();
      for (const { clientId, answer } of answers)
        seqs.set(clientId, (seqs.get(clientId) ?? new Set()).add(answer.entry?.seq));
      expect([...seqs.values()].every((s) => s.size === 1)).toBe(true);
      for (const roomId of rooms) {
        const log = await wholeLog(roomId);
        const here = new Set(answers.filter((a) => a.roomId === roomId).map((a) => a.clientId));
        expect(log.map((e) => e.seq)).toEqual(numbers(1, people.length + here.size));
      }
    });
  });

  describe('history', () => {
    test('comes in pages, newest first, and ends', async () => {
      const roomId = await createRoom(here, 'private', [anna, boris]);
      for (const i of numbers(1, 7)) await send(roomId, anna, `${i}`);
      const page = (before?: number) => here.messages.listMessages({ roomId, before, limit: 3 }, by(boris));
      const first = await page();
      expect(first.entries.map(textOf)).toEqual(['7', '6', '5']);
      const second = await page(first.nextBefore);
      expect(second.entries.map(textOf)).toEqual(['4', '3', '2']);
      const last = await page(second.nextBefore);
      expect(last.entries.map(textOf)).toEqual(['1']);
      expect(last.nextBefore).toBeUndefined();
    });

    test('holds messages only', async () => {
      const roomId = await createRoom(here, 'private', [anna, boris, eve]);
      await expect(here.messages.listMessages({ roomId }, by(anna))).resolves.toEqual({
        entries: [],
        nextBefore: undefined,
      });
    });
  });

  describe('catching up', () => {
    test('gives what follows a number, and says whether that is all', async () => {
      const roomId = await createRoom(here, 'private', [anna, boris]);
      for (const i of numbers(1, 4)) await send(roomId, anna, `${i}`);
      const events = (after: number, limit?: number) =>
        here.messages.listEvents({ roomId, after, limit }, by(boris));
      const seqs = ({ entries }: { entries: Entry[] }) => entries.map((e) => e.seq);
      const all = await events(0);
      expect(seqs(all)).toEqual(numbers(1, 6));
      expect(all).toMatchObject({ lastSeq: 6, complete: true });
      const part = await events(1, 3);
      expect(seqs(part)).toEqual([2, 3, 4]);
      expect(part).toMatchObject({ lastSeq: 6, complete: false });
      expect(await events(6)).toEqual({ entries: [], lastSeq: 6, complete: true });
      expect(await events(7)).toEqual({ entries: [], lastSeq: 6, complete: false });
    });

    test('never skips while others write', async () => {
      const roomId = await createRoom(here, 'private', [anna]);
      const writing = Promise.all(
        numbers(1, 200).map((i) => send(roomId, anna, `${i}`, uuid(), replicas[i % 2 ? 0 : 1])),
      );
      let held = 0;
      while (held < 201) {
        const { entries, lastSeq, complete } = await replicas[1].messages.listEvents(
          { roomId, after: held },
          by(anna),
        );
        expect(entries.map((e) => e.seq)).toEqual(numbers(held + 1, held + entries.length));
        held += entries.length;
        expect(complete).toBe(held === lastSeq);
      }
      await writing;
    });

    test('an answer stays small enough for the wire, and the rest is the next page', async () => {
      const roomId = await createRoom(here, 'private', [anna]);
      const text = '語'.repeat(4000);
      await Promise.all(numbers(1, 500).map(() => send(roomId, anna, text)));
      const { entries, complete } = await here.messages.listEvents(
        { roomId, after: 0, limit: 1000 },
        by(anna),
      );
      expect(complete).toBe(false);
      expect(entries.length).toBeGreaterThan(50);
      expect(Buffer.byteLength(JSON.stringify(entries))).toBeLessThan(2 * 1024 * 1024);
      expect(await wholeLog(roomId)).toHaveLength(501);
    });

    test('is for members', async () => {
      const [open, closed] = [
        await createRoom(here, 'public', [anna]),
        await createRoom(here, 'private', [anna]),
      ];
      for (const [roomId, code] of [
        [open, 'not_a_member'],
        [closed, 'room_not_found'],
        [uuid(), 'room_not_found'],
      ] as const) {
        await expect(here.messages.listEvents({ roomId, after: 0 }, by(eve))).rejects.toMatchObject({ code });
        await expect(here.messages.listMessages({ roomId }, by(eve))).rejects.toMatchObject({ code });
      }
    });
  });
});
