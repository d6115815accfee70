import type { Entry, SubscribeResponse } from '@veche/contracts';
import { Subject } from 'rxjs';
import { RoomDeliveries, type RoomNews } from './room-deliveries';

const said = (...entries: Entry[]): SubscribeResponse => ({ body: { $case: 'entries', value: { entries } } });
const entryOf = (roomId: string, seq: number): Entry => ({
  roomId,
  seq,
  actorId: 'olga',
  at: new Date(0),
  body: undefined,
});

describe('deliveries by room', () => {
  let deliveries: Subject<SubscribeResponse>;
  let rooms: RoomDeliveries;
  beforeEach(() => {
    deliveries = new Subject();
    rooms = new RoomDeliveries({ deliveries });
  });
  const listen = (roomId: string) => {
    const heard: RoomNews[] = [];
    let ended: unknown;
    const subscription = rooms
      .of(roomId)
      .subscribe({ next: (news) => heard.push(news), error: (error: unknown) => (ended = error) });
    return { heard, ended: () => ended, leave: () => subscription.unsubscribe() };
  };

  it('bring everybody what is said of their room, and a resync of any', () => {
    const [one, same, other] = [listen('a'), listen('a'), listen('b')];
    const [first, second] = [entryOf('a', 1), entryOf('b', 1)];
    deliveries.next(said(first, second, entryOf('c', 1)));
    deliveries.next({
      body: { $case: 'readMark', value: { roomId: 'a', userId: 'olga', seq: 1, forEverybody: true } },
    });
    deliveries.next({ body: { $case: 'roomDeleted', value: { roomId: 'b' } } });
    deliveries.next({ body: { $case: 'resync', value: {} } });
    expect(one.heard).toEqual([{ entry: first }, 'resync']);
    expect(same.heard).toEqual(one.heard);
    expect(other.heard).toEqual([{ entry: second }, 'deleted', 'resync']);
    one.leave();
    deliveries.next(said(entryOf('a', 2)));
    expect([one.heard.length, same.heard.length]).toEqual([2, 3]);
    deliveries.complete();
    expect([one.ended(), same.ended()]).toEqual([
      undefined,
      expect.objectContaining({ code: 'unavailable' }),
    ]);
  });

  it('look at an entry once, however many listen to other rooms', () => {
    for (let i = 0; i < 1_000; i++) listen(`room ${i}`);
    const mine = listen('mine');
    let looks = 0;
    const entry = { ...entryOf('mine', 1) };
    Object.defineProperty(entry, 'roomId', {
      get: () => {
        looks++;
        return 'mine';
      },
    });
    deliveries.next(said(entry));
    expect([mine.heard.length, looks]).toEqual([1, 1]);
  });
});
