import type { RoomOverview } from '@veche/protocol';

/** ISO 8601 in UTC compares as text. */
const activeAt = (room: RoomOverview): string => room.lastMessage?.at ?? room.createdAt;

const newestFirst = (a: RoomOverview, b: RoomOverview): number =>
  activeAt(a) < activeAt(b) ? 1 : activeAt(a) > activeAt(b) ? -1 : a.id < b.id ? 1 : -1;

/**
 * Rooms in their order, the one with the newest message first. After a change only what has changed is sorted, and
 * put in its place among the others.
 */
export class RoomOrder {
  private items: readonly RoomOverview[] = [];
  private readonly changed = new Set<string>();

  /** @param overviewOf what a room is like now; undefined where it belongs to the list no more */
  constructor(private readonly overviewOf: (id: string) => RoomOverview | undefined) {}

  change(id: string): void {
    this.changed.add(id);
  }

  get(): readonly RoomOverview[] {
    const others = this.items.filter(({ id }) => !this.changed.has(id));
    const moved = [...this.changed].flatMap((id) => this.overviewOf(id) ?? []).sort(newestFirst);
    this.changed.clear();
    this.items = merged(others, moved);
    return this.items;
  }
}

const merged = (some: readonly RoomOverview[], others: readonly RoomOverview[]): readonly RoomOverview[] => {
  const all: RoomOverview[] = [];
  let next = 0;
  for (const room of some) {
    for (let other = others[next]; other && newestFirst(other, room) < 0; other = others[++next])
      all.push(other);
    all.push(room);
  }
  return all.concat(others.slice(next));
};
