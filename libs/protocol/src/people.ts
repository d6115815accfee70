import type { Role } from './roles';

/** A user as others see them. */
export interface Profile {
  id: string;
  username: string;
  displayName: string;
  bio: string;
  role: Role;
  createdAt: string;
  /** Somebody else is shown by a name that looks the same: show the username beside it. */
  nameShared?: boolean;
  /** The account is disabled; then this is for history, with no bio and the least of roles. */
  deactivated?: boolean;
}

/** A user as they see themselves. */
export interface User extends Omit<Profile, 'nameShared' | 'deactivated'> {
  email: string;
}

/** An account as those who manage users see it. */
export interface Account extends User {
  disabled: boolean;
  disabledAt?: string;
  /** When a session of it last began or was renewed; left out where that was long ago, or never. */
  lastSeenAt?: string;
}

/** What signing in gives. */
export interface Grant {
  accessToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
  user: User;
  /** Where it was asked for in the body; otherwise it is in a cookie that scripts cannot read. */
  refreshToken?: string;
}

/** A device that is signed in. */
export interface Session {
  id: string;
  deviceName: string;
  ip: string;
  createdAt: string;
  lastSeenAt: string;
  /** Whether it is the one that asks. */
  current: boolean;
  appId: string;
}
