import { setTimeout as pause } from 'node:timers/promises';
import type { Numbers } from '../harness/numbers';
import { Refused, type Rest } from '../harness/rest';

/** The rooms' owner, who removes people and brings them back while they talk. */
export class Keeper {
  readonly findings: string[] = [];
  private keeping = true;
  private work = Promise.resolve();
  private readonly away = new Set<string>();
  changes = 0;

  constructor(
    private readonly rest: Rest,
    private readonly random: Numbers,
    private readonly rooms: readonly string[],
    private readonly users: readonly string[],
  ) {}

  begin(pauseMs: number): void {
    this.work = this.keep(pauseMs);
  }

  async end(): Promise<void> {
    this.keeping = false;
    await this.work;
  }

  private async keep(pauseMs: number): Promise<void> {
    while (this.keeping) {
      await pause(this.random.between(0, 2 * pauseMs));
      const room = this.random.one(this.rooms);
      const user = this.random.one(this.users);
      const place = `${room} ${user}`;
      const away = this.away.has(place);
      try {
        if (away) await this.rest.post(`/rooms/${room}/members`, { userId: user });
        else await this.rest.delete(`/rooms/${room}/members/${user}`);
        this.changes++;
      } catch (error) {
        // a lost answer, or what an earlier lost answer had done; the log knows
        if (error instanceof Refused && error.code === 'internal') this.findings.push(error.message);
        if (!(error instanceof Refused) || (error.status ?? 500) >= 500) continue;
      }
      if (away) this.away.delete(place);
      else this.away.add(place);
    }
  }
}
