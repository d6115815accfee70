import type { Entry, SubscribeResponse } from '@veche/contracts';
import { Audience, type Listener } from './audience';

const said = (...entries: Entry[]): SubscribeResponse => ({ body: { $case: 'entries', value: { entries } } });
const entryOf = (roomId: string, seq: number, body?: Entry['body']): Entry => ({
  ...{ roomId, seq, actorId: 'olga', at: new Date(0), body },
});
const joined = (roomId: string, userId: string): Entry =>
  entryOf(roomId, 2, { $case: 'memberJoined', value: { userId } });

describe('those who listen', () => {
  let audience: Audience;
  beforeEach(() => {
    audience = new Audience();
  });
  const listen = (rooms: string[], users: string[] = []): Listener & { told: SubscribeResponse[] } => {
    const listener = audience.open();
    audience.addRooms(listener, rooms);
    audience.addUsers(listener, users);
    const told: SubscribeResponse[] = [];
    listener.heard.subscribe((delivery) => told.push(delivery));
    return Object.assign(listener, { told });
  };

  it('hear of a batch what is in their rooms, in its order, and nothing else', () => {
    const [one, same, both, none] = [listen(['a']), listen(['a']), listen(['a', 'b']), listen([])];
    const [first, second, third] = [entryOf('a', 1), entryOf('b', 1), entryOf('a', 2)];
    audience.tell(said(first, second, third, entryOf('c', 1)));
    expect([one.told, same.told, both.told, none.told]).toEqual([
      [said(first, third)],
      [said(first, third)],
      [said(first, second, third)],
      [],
    ]);
  });

  it('hear how their users come into other rooms, once', () => {
    const [here, there] = [listen([], ['boris']), listen(['a'], ['boris'])];
    const entries = [joined('a', 'boris'), joined('a', 'clara'), entryOf('a', 3)];
    audience.tell(said(...entries));
    audience.tell(said(entryOf('b', 1, { $case: 'roomCreated', value: {} })));
    expect(here.told).toEqual([said(joined('a', 'boris'))]);
    expect(there.told).toEqual([said(...entries)]);
    audience.removeUsers(here, ['boris']);
    audience.tell(said(joined('b', 'boris')));
    expect(here.told).toHaveLength(1);
  });

  it('hear of signals of their rooms, and all of them a resync', () => {
    const [one, other] = [listen(['a']), listen(['b'])];
    const deleted: SubscribeResponse = { body: { $case: 'roomDeleted', value: { roomId: 'a' } } };
    const resync: SubscribeResponse = { body: { $case: 'resync', value: {} } };
    for (const delivery of [deleted, resync]) audience.tell(delivery);
    expect([one.told, other.told]).toEqual([[deleted, resync], [resync]]);
  });

  it('make it known which rooms somebody needs: the first who asks, and the last who leaves', () => {
    const [one, other] = [audience.open(), audience.open()];
    expect(audience.addRooms(one, ['a', 'b', 'a'])).toEqual(['a', 'b']);
    expect(audience.addRooms(other, ['b', 'c'])).toEqual(['c']);
    expect(audience.removeRooms(one, ['b', 'a', 'a', 'd'])).toEqual(['a']);
    expect(audience.remove(other)).toEqual(['b', 'c']);
    expect(audience.addRooms(other, ['e'])).toEqual([]);
    expect(['a', 'b', 'c', 'e'].some((room) => audience.hasRoom(room))).toBe(false);
  });

  it('cost an entry one look, however many listen to other rooms', () => {
    for (let i = 0; i < 1_000; i++) listen([`room ${i}`]);
    const mine = listen(['mine']);
    let looks = 0;
    const entry = entryOf('mine', 1);
    Object.defineProperty(entry, 'roomId', {
      get: () => {
        looks++;
        return 'mine';
      },
    });
    audience.tell(said(entry));
    expect([mine.told.length, looks]).toEqual([1, 1]);
  });

  it('hear the end, those who come after it at once', () => {
    const ends: string[] = [];
    listen(['a']).heard.subscribe({ complete: () => ends.push('before') });
    audience.close();
    listen(['a']).heard.subscribe({ complete: () => ends.push('after') });
    expect(ends).toEqual(['before', 'after']);
  });
});
