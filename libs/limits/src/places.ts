/** How many places there are for one holder, and for all of them. */
export interface PlacesOptions {
  readonly each: number;
  readonly all: number;
}

/** Places that are held for a while, and are as many as they are: connections, streams, bytes of memory. */
export class Places {
  private readonly held = new Map<string, number>();
  private heldByAll = 0;

  constructor(private readonly options: PlacesOptions) {}

  /** @returns gives the places back, however often it is called; undefined where there are not so many left */
  take(holder: string, places = 1): (() => void) | undefined {
    const held = this.held.get(holder) ?? 0;
    if (held + places > this.options.each || this.heldByAll + places > this.options.all) return undefined;
    this.held.set(holder, held + places);
    this.heldByAll += places;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.heldByAll -= places;
      const left = (this.held.get(holder) ?? 0) - places;
      if (left > 0) this.held.set(holder, left);
      else this.held.delete(holder);
    };
  }
}
