import { type Calls, MAX_WATCHED, type Presence, type StatusChange } from '@veche/protocol';
import { backOff } from './backoff';
import { Source, type Watchable } from './watchable';

/** How long changes of who is watched are gathered. */
const GATHER_MS = 100;

interface Kept {
  presence?: Presence | undefined;
  readonly source: Source<Presence | undefined>;
}

export interface PresencesOptions {
  readonly call: <C extends 'presence:watch' | 'presence:idle' | 'status'>(
    name: C,
    payload: Calls[C]['payload'],
  ) => Promise<Calls[C]['answer']>;
  readonly online: () => boolean;
}

/** Who is here, of those whom somebody looks at: the server is told whom to tell of, with each connection anew. */
export class Presences {
  private readonly kept = new Map<string, Kept>();
  private me?: string;
  private idle = false;
  private running = false;
  /** Changes of who is watched, and connections, so far. */
  private version = 0;

  constructor(private readonly options: PresencesOptions) {}

  /** A connection begins: of who is not watched nothing is known any more. */
  begin(userId: string): void {
    this.me = userId;
    for (const kept of this.kept.values()) if (!kept.source.isWatched) this.set(kept, undefined);
    if (this.idle) this.tellIdle();
    this.watch();
  }

  take(presence: Presence): void {
    this.set(this.of(presence.userId), presence);
  }

  readonly presence = (userId: string): Watchable<Presence | undefined> => this.of(userId).source;

  async setStatus(status: StatusChange): Promise<Presence> {
    const { presence } = await this.options.call('status', status);
    this.take(presence);
    return presence;
  }

  setIdle(idle: boolean): void {
    if (idle === this.idle) return;
    this.idle = idle;
    if (this.options.online()) this.tellIdle();
  }

  private of(userId: string): Kept {
    const known = this.kept.get(userId);
    if (known) return known;
    const changed = (): void => this.watch();
    const kept: Kept = { source: new Source(() => kept.presence, changed, changed) };
    this.kept.set(userId, kept);
    return kept;
  }

  private set(kept: Kept, presence: Presence | undefined): void {
    if (kept.presence === presence) return;
    kept.presence = presence;
    kept.source.changed();
  }

  private tellIdle(): void {
    this.options.call('presence:idle', { idle: this.idle }).catch(() => undefined);
  }

  private watch(): void {
    this.version++;
    if (this.running) return;
    this.running = true;
    void this.watchUntilTrue().finally(() => (this.running = false));
  }

  private async watchUntilTrue(): Promise<void> {
    for (let [told, failures] = [0, 0]; told !== this.version && this.options.online();) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const { version } = this;
      const watched = [...this.kept].filter(([, { source }]) => source.isWatched).map(([userId]) => userId);
      const userIds = [...new Set([...(this.me === undefined ? [] : [this.me]), ...watched])];
      try {
        const { presences } = await this.options.call('presence:watch', {
          userIds: userIds.slice(0, MAX_WATCHED),
        });
        for (const presence of presences) this.take(presence);
        [told, failures] = [version, 0];
      } catch {
        await backOff(++failures);
      }
    }
  }
}
