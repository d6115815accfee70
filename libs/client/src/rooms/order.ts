import type { RoomOverview } from '@veche/protocol';

/** When something was said last, in ISO 8601 in UTC, which compares as text. */
const activeAt = (room: RoomOverview): string => room.lastMessage?.at ?? room.createdAt;

/**
 * Rooms in their order, the one with the newest message first. After a change only what has changed is sorted, and
 * put in its place among the others.
 */
export class RoomOrder {
  private items: readonly RoomOverview[] = [];
  private readonly changed = new Set<string>();

  /**
   * @param overviewOf what a room is like now; undefined where it belongs to the list no more
   * @param heardAt when something was said in it that the overview does not have
   */
  constructor(
    private readonly overviewOf: (id: string) => RoomOverview | undefined,
    private readonly heardAt: (id: string) => string | undefined = () => undefined,
  ) {}

  change(id: string): void {
    this.changed.add(id);
  }

  get(): readonly RoomOverview[] {
    const others = this.items.filter(({ id }) => !this.changed.has(id));
    const moved = [...this.changed].flatMap((id) => this.overviewOf(id) ?? []).sort(this.newestFirst);
    this.changed.clear();
    this.items = this.merged(others, moved);
    return this.items;
  }

  private readonly newestFirst = (a: RoomOverview, b: RoomOverview): number => {
    const [atA, atB] = [this.heardAt(a.id) ?? activeAt(a), this.heardAt(b.id) ?? activeAt(b)];
    return atA < atB ? 1 : atA > atB ? -1 : a.id < b.id ? 1 : -1;
  };

  private merged(some: readonly RoomOverview[], others: readonly RoomOverview[]): readonly RoomOverview[] {
    const all: RoomOverview[] = [];
    let next = 0;
    for (const room of some) {
      for (let other = others[next]; other && this.newestFirst(other, room) < 0; other = others[++next])
        all.push(other);
      all.push(room);
    }
    return all.concat(others.slice(next));
  }
}
