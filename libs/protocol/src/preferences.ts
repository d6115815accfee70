/** Of which messages somebody is notified: of all, of those that call them, or of none. */
export type NotificationLevel = 'all' | 'mentions' | 'nothing';

/** How you want to have a room. Nobody else sees it; what you never changed is left out. */
export interface RoomPreferences {
  /** Of what you are notified; left out: as you have it with rooms of that kind. */
  level?: NotificationLevel;
  /** Nothing in it calls you. */
  muted?: true;
  /** When that ends by itself, in ISO 8601; left out: never. */
  mutedUntil?: string;
  /** It stands before others. */
  favourite?: true;
  /** Of a direct room: it is out of sight as long as it has no message with a greater number. */
  hiddenSeq?: number;
  /**
   * How often you have changed what is yours in this room, other than by reading on; left out: never. Of two states the
   * one with more is the newer.
   */
  revision?: number;
}

/** What you change of how you have a room; what is left out stays. */
export interface RoomPreferencesChange {
  /** `default`: as you have it with rooms of that kind. */
  level?: NotificationLevel | 'default';
  muted?: boolean;
  /** With `muted: true` alone: when that ends by itself, within a year; never, where it is left out. */
  mutedUntil?: string;
  favourite?: boolean;
  /** Of a direct room: until its next message. */
  hidden?: boolean;
}

/** How you want to have rooms of which you have said nothing else. */
export interface Preferences {
  /** Of what you are notified in public rooms. */
  publicLevel: NotificationLevel;
  /** And in private ones. */
  privateLevel: NotificationLevel;
  /** And in direct ones. */
  directLevel: NotificationLevel;
}

/** What you change of them; `default` is what is usual, and what is left out stays. */
export type PreferencesChange = { [Level in keyof Preferences]?: Preferences[Level] | 'default' };

const LEVEL_OF = {
  public: 'publicLevel',
  private: 'privateLevel',
  direct: 'directLevel',
} as const satisfies Record<string, keyof Preferences>;

/** Whether a room is silent for you now. */
export const isMuted = ({ muted, mutedUntil }: RoomPreferences, now: number): boolean =>
  muted === true && (mutedUntil === undefined || Date.parse(mutedUntil) > now);

/** Whether a direct room is out of sight: since it was put there, nothing was said in it. */
export const isHidden = ({
  hiddenSeq,
  lastMessage,
}: RoomPreferences & { lastMessage?: { seq: number } }): boolean =>
  hiddenSeq !== undefined && (lastMessage?.seq ?? 0) <= hiddenSeq;

/** Of what somebody is notified in a room. */
export const levelIn = (
  room: RoomPreferences & { kind: keyof typeof LEVEL_OF },
  preferences: Preferences,
): NotificationLevel => room.level ?? preferences[LEVEL_OF[room.kind]];
