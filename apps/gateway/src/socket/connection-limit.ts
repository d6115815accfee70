import { Injectable } from '@nestjs/common';

/** Connections that one user may hold to this process: devices and tabs, with room to spare. */
const MOST = 100;

/** How many connections each user has, those that are still being let in among them. */
@Injectable()
export class ConnectionLimit {
  private readonly held = new Map<string, number>();

  /**
   * Takes a place for a connection. It counts from here on, so that of many that come at once no more are let in.
   * @returns gives the place back, however often it is called; undefined where there is none
   */
  take(userId: string): (() => void) | undefined {
    const held = this.held.get(userId) ?? 0;
    if (held >= MOST) return undefined;
    this.held.set(userId, held + 1);
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      const left = (this.held.get(userId) ?? 0) - 1;
      if (left > 0) this.held.set(userId, left);
      else this.held.delete(userId);
    };
  }
}
