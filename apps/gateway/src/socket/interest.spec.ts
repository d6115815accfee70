import type { SubscribeRequest } from '@veche/contracts';
import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { Interest } from './interest';

const ids = ['a', 'b', 'c', 'd'];
const step = fc.record({
  what: fc.constantFrom('add', 'add', 'remove', 'turn', 'answer', 'answer', 'renew', 'break'),
  kind: fc.constantFrom('Room', 'User'),
  id: fc.constantFrom(...ids),
});

/** What chat holds for one stream. */
class Chat {
  readonly rooms = new Set<string>();
  readonly users = new Set<string>();
  waiting: SubscribeRequest | undefined;
  take(request: SubscribeRequest): void {
    expect(this.waiting).toBeUndefined();
    this.waiting = request;
    // a room is told twice where it is asked for anew
    for (const id of request.addUsers) expect(this.users.has(id)).toBe(false);
    for (const id of request.removeRooms) this.rooms.delete(id);
    for (const id of request.removeUsers) this.users.delete(id);
    for (const id of request.addRooms) this.rooms.add(id);
    for (const id of request.addUsers) this.users.add(id);
  }
}

describe('what a gateway serves', () => {
  it('is what chat knows in the end, whatever changes and breaks, by one request at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const interest = new Interest();
        const wanted = { Room: new Set<string>(), User: new Set<string>() };
        let chat = new Chat();
        let stream = interest.requests().subscribe((request) => chat.take(request));
        const answer = (): void => {
          if (!chat.waiting) return;
          const { addUsers } = chat.waiting;
          chat.waiting = undefined;
          expect([...interest.taken()]).toEqual(addUsers);
        };
        for (const { what, kind, id } of steps) {
          if (what === 'turn') await setImmediate();
          if (what === 'answer') answer();
          if (what === 'renew') interest.renewRooms();
          if (what === 'break') {
            stream.unsubscribe();
            expect(ids.some((userId) => interest.hasUser(userId))).toBe(false);
            chat = new Chat();
            stream = interest.requests().subscribe((request) => chat.take(request));
          }
          if (what !== 'add' && what !== 'remove') continue;
          interest[`${what}${kind}`](id);
          wanted[kind][what === 'add' ? 'add' : 'delete'](id);
          // whoever is said to be heard of is known to chat
          for (const userId of ids) if (interest.hasUser(userId)) expect(chat.users).toContain(userId);
        }
        for (let round = 0; round < 3; round++) {
          await setImmediate();
          answer();
        }
        expect([chat.rooms, chat.users]).toEqual([wanted.Room, wanted.User]);
        for (const userId of ids) expect(interest.hasUser(userId)).toBe(wanted.User.has(userId));
        stream.unsubscribe();
      }),
      { numRuns: 300 },
    );
  });

  it('is told once more where it is asked for, and no room that has gone meanwhile', async () => {
    const interest = new Interest();
    const chat = new Chat();
    const heard: string[][] = [];
    interest.requests().subscribe((request) => {
      heard.push(request.addRooms);
      chat.take(request);
    });
    const answer = (): void => {
      chat.waiting = undefined;
      interest.taken();
    };
    for (const id of ['a', 'b']) interest.addRoom(id);
    await setImmediate();
    interest.renewRooms();
    interest.removeRoom('b');
    answer();
    await setImmediate();
    expect(heard).toEqual([['a', 'b'], ['a']]);
    expect([...chat.rooms]).toEqual(['a']);
  });

  it('is told in bounded parts', async () => {
    const interest = new Interest();
    for (let i = 0; i < 2_500; i++) interest.addRoom(`room ${i}`);
    const sizes: number[] = [];
    interest.requests().subscribe(({ addRooms }) => sizes.push(addRooms.length));
    for (let i = 0; i < 4; i++) interest.taken();
    expect(sizes).toEqual([1000, 1000, 500]);
  });
});
