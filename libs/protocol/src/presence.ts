/** People whom one connection may watch. */
export const MAX_WATCHED = 500;

/** Connected; connected, and away; connected, and not to be disturbed; not connected. */
export type Availability = 'online' | 'away' | 'dnd' | 'offline';

/** What somebody says of themself. */
export interface Status {
  /** One emoji. */
  emoji?: string;
  /** At most 100 characters. */
  text?: string;
  /** When it ends by itself, in ISO 8601. */
  until?: string;
}

/** All that somebody says of themself: what is left out is taken back. */
export interface StatusChange extends Status {
  /** `online`, as when left out: `away` where all devices are idle. */
  availability?: 'online' | 'away' | 'dnd';
}

/** Whether somebody is here. */
export interface Presence {
  userId: string;
  availability: Availability;
  /** Of who is off line: when they were here the last time, to the minute, in ISO 8601. */
  lastSeenAt?: string;
  status?: Status;
}
