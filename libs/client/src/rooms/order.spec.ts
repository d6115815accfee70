import type { RoomOverview } from '@veche/protocol';
import fc from 'fast-check';
import { RoomOrder } from './order';

const overview = (id: string, minute: number): RoomOverview =>
  ({ id, createdAt: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z` }) as RoomOverview;

test('rooms stand in their order after whatever happens to them, each once', () => {
  const change = fc.record({
    id: fc.constantFrom(...'abcdefghij'),
    minute: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    look: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const rooms = new Map<string, RoomOverview>();
      const order = new RoomOrder((id) => rooms.get(id));
      for (const { id, minute, look } of changes) {
        if (minute === undefined) rooms.delete(id);
        else rooms.set(id, overview(id, minute));
        order.change(id);
        if (look) order.get();
      }
      const sorted = [...rooms.values()].sort((a, b) =>
        a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1,
      );
      expect(order.get()).toEqual(sorted);
    }),
  );
});
