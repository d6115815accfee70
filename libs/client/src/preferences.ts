import {
  levelIn,
  calls,
  isInRoom,
  isMuted,
  type MessageCreated,
  type Preferences,
  type RoomOverview,
} from '@veche/protocol';
import { Source } from './watchable';

/** Keeps how somebody wants to have rooms: fetched with each connection as long as somebody watches, and told after that. */
export class PreferencesKept {
  readonly source: Source<Preferences | undefined>;
  private preferences: Preferences | undefined;
  /** Answers and events so far: an older answer says nothing new. */
  private version = 0;

  constructor(private readonly options: { fetch: () => Promise<Preferences>; isOnline: () => boolean }) {
    this.source = new Source(
      () => this.preferences,
      () => void this.fetch(),
    );
  }

  /** A connection begins. */
  begin(): void {
    if (this.source.isWatched) void this.fetch();
  }

  take(preferences: Preferences): void {
    this.version++;
    this.preferences = preferences;
    this.source.changed();
  }

  private async fetch(): Promise<void> {
    if (!this.options.isOnline()) return;
    const { version } = this;
    try {
      const preferences = await this.options.fetch();
      if (version === this.version) this.take(preferences);
    } catch {
      // the next connection asks again
    }
  }
}

/**
 * Whether somebody wants to be notified of a message: by the room's level, and whether it is muted; of what is in a thread
 * alone only who follows that, or is called.
 */
export const isNotifiedOf = (
  message: MessageCreated,
  room: RoomOverview,
  preferences: Preferences,
  { me, follows, now = Date.now() }: { me: string; follows: boolean; now?: number },
): boolean => {
  if (message.actorId === me || isMuted(room, now)) return false;
  const level = levelIn(room, preferences);
  if (level === 'all' && (follows || isInRoom(message))) return true;
  return level !== 'nothing' && calls(message, me);
};
