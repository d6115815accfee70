/** What the JSON doors speak, as their documentation has it; written down here once more so that a change shows. */
export interface Entry {
  roomId: string;
  seq: number;
  type: string;
  actorId: string;
  at: string;
  id?: string;
  text?: string;
  clientId?: string;
  replyTo?: number;
  mentions?: { kind: string; id?: string; name?: string }[];
  editedAt?: string;
  deletedAt?: string;
  target?: number;
  emoji?: string;
  reactions?: Reaction[];
  reactionsSeq?: number;
  pinnedBy?: string;
  pinnedAt?: string;
  threadSeq?: number;
  threadAuthorId?: string;
  alsoInRoom?: boolean;
  thread?: { replies: number; lastSeq?: number; lastAt?: string; participants: string[]; countedSeq: number };
  userId?: string;
  role?: string;
  name?: string;
  topic?: string;
}

export interface Reaction {
  emoji: string;
  count: number;
  mine: boolean;
  userIds: string[];
}

export interface User {
  id: string;
  username: string;
  email: string;
  displayName: string;
  bio: string;
  role: string;
  createdAt: string;
}

/** A user as those who manage users see them. */
export interface Account extends User {
  disabled: boolean;
  disabledAt?: string;
  lastSeenAt?: string;
}

export interface SignedIn {
  accessToken: string;
  expiresIn: number;
  user: User;
  refreshToken?: string;
}

export interface Session {
  id: string;
  deviceName: string;
  ip: string;
  createdAt: string;
  lastSeenAt: string;
  current: boolean;
  appId: string;
}

export interface Room {
  id: string;
  kind: 'public' | 'private' | 'direct';
  name: string;
  topic: string;
  createdAt: string;
  createdBy: string;
  memberCount: number;
  lastSeq: number;
  userIds?: string[];
  role?: string;
}

export interface RoomOverview extends Room {
  readSeq: number;
  unread: number;
  mentions: number;
  lastMessage?: Entry;
}

export interface Member {
  userId: string;
  role: string;
  joinedAt: string;
  readSeq: number;
}

export interface Items<T> {
  items: T[];
  nextCursor?: string;
}

export interface Messages {
  items: Entry[];
  nextBefore?: number;
}

export interface Events {
  items: Entry[];
  lastSeq: number;
  complete: boolean;
}

export interface FieldError {
  field: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: FieldError[];
  nonce?: string;
  retryAfter?: number;
  requestId: string;
}

export interface Ready {
  userId: string;
  sessionId: string;
  expiresAt: string;
  rooms: { id: string; lastSeq: number; readSeq: number }[];
}

export interface Synced {
  rooms: Record<
    string,
    { events: Entry[]; lastSeq: number; complete: boolean; error?: undefined } | { error: Partial<Problem> }
  >;
}
