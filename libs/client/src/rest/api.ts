import type {
  Account,
  ApiKey,
  Entry,
  Has,
  Invitation,
  Invited,
  Member,
  MessageCreated,
  NewApiKey,
  Preferences,
  PreferencesChange,
  Presence,
  Profile,
  Reaction,
  Role,
  Room,
  RoomOverview,
  RoomPreferences,
  RoomPreferencesChange,
  RoomRole,
  SearchHit,
  SearchOrder,
  Session,
  StatusChange,
  Thread,
  User,
} from '@veche/protocol';
import { uploader } from './upload';
import { persistently } from '../persistently';
import { type GetToken, type GetTraceparent, requestTo } from './request';

/** One page of a list; give `nextCursor` back as `cursor` for the next one. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** Which page of a list. */
export interface PageQuery {
  limit?: number;
  cursor?: string;
}

/** An API key to be made. */
export interface ApiKeyRequest {
  /** What it is for. */
  name: string;
  /** What it may do: `users.provision`, `users.read` … */
  scopes: string[];
  /** In ISO 8601; left out, it does not expire. */
  expiresAt?: string;
}

/** An account to be created. */
export interface NewAccount {
  username: string;
  email: string;
  password: string;
  displayName?: string;
}

/** A room to be created. */
export interface NewRoom {
  /** 3 to 64 characters, of which an ideograph, a syllable or an emoji counts two. */
  name: string;
  kind: 'public' | 'private';
  topic?: string;
  /** Usernames. Names that don't exist are refused, and nothing is created. */
  members?: string[];
}

/** A user by one of the two. */
export type UserReference = { userId: string } | { username: string };

/** Which accounts, and which page of them. */
export interface AccountQuery extends PageQuery {
  /** A part of a username, a display name or an email address. */
  search?: string;
  role?: Role;
  /** Only those that are disabled, or only those that are not. */
  disabled?: boolean;
}

/** What an account's manager may change about it; what is left out stays. */
export interface AccountChange {
  username?: string;
  email?: string;
  displayName?: string;
  bio?: string;
  role?: Role;
  /** The sessions of a disabled account end, and nobody signs in to it. */
  disabled?: boolean;
  /** For somebody who has forgotten theirs; their sessions end. */
  password?: string;
}

/** How a search is narrowed beside what it says, and which page of it. */
export interface SearchOptions extends PageQuery {
  roomId?: string;
  /** A username, or `me`. */
  from?: string;
  /** A room by its name or the beginnings of its words, or `@username`. */
  in?: string;
  /** A day (2026-01-31) or a moment of ISO 8601 with its zone. */
  before?: string;
  after?: string;
  has?: readonly Has[];
  /** The best unless told. */
  order?: SearchOrder;
  signal?: AbortSignal;
}

/** What the API is called with. */
export interface ApiOptions {
  /** Where the server is: `https://chat.example.org`, or '' for where the page came from. */
  url: string;
  getToken: GetToken;
  /** The span of your own trace that a call belongs to: the server goes on in it, where it records traces. */
  traceparent?: GetTraceparent | undefined;
}

/**
 * The REST API, call by call: typed answers, {@link VecheError} for everything else. A token that was refused is
 * renewed once. Rooms, messages and read markers are kept up to date by {@link connect}; what stands here is for
 * what one asks for once.
 */
export const createApi = ({ url, getToken, traceparent }: ApiOptions) => {
  const request = requestTo(url, getToken, traceparent);
  return {
    sessions: {
      /** Where you are signed in, the most recently used first. */
      list: () => request<{ items: Session[] }>('GET', '/auth/sessions'),
      /** Ends one of your sessions. */
      end: (sessionId: string) => request<void>('DELETE', `/auth/sessions/${sessionId}`),
      /** Ends all of your sessions but this one. */
      endOthers: () => request<void>('DELETE', '/auth/sessions'),
    },
    users: {
      me: () => request<User>('GET', '/users/me'),
      /** Changes what is given, and leaves the rest. */
      updateMe: (body: { username?: string; displayName?: string; bio?: string }) =>
        request<User>('PATCH', '/users/me', { body }),
      /** At most 200 ids. */
      presence: (ids: readonly string[]) =>
        request<Page<Presence>>('GET', '/users/presence', { query: { ids } }),
      /** What you say of yourself, all of it: what is left out is taken back. */
      setStatus: (body: StatusChange) => request<Presence>('PUT', '/users/me/status', { body }),
      /** How you want to have rooms of which you have said nothing else. */
      preferences: () => request<Preferences>('GET', '/users/me/preferences'),
      /** Changes that; what is left out stays. */
      prefer: (body: PreferencesChange) => request<Preferences>('PATCH', '/users/me/preferences', { body }),
      /** Deletes your account and everything of it, for good. */
      deleteMe: (body: { password: string }) => request<void>('DELETE', '/users/me', { body }),
      get: (id: string) => request<Profile>('GET', `/users/${id}`),
      /** At most 100 ids; what does not exist is left out. */
      byIds: (ids: readonly string[]) => request<Page<Profile>>('GET', '/users', { query: { ids } }),
      /** At most 100 usernames; what does not exist is left out. */
      byUsernames: (usernames: readonly string[]) =>
        request<Page<Profile>>('GET', '/users', { query: { usernames } }),
      /** By the beginnings of words in their names, without regard to case and accents. */
      search: (search: string, page: PageQuery & { signal?: AbortSignal } = {}) => {
        const { signal, ...query } = page;
        return request<Page<Profile>>('GET', '/users', { query: { search, ...query }, signal });
      },
    },
    rooms: {
      /** Yours, the one with the newest entry first. */
      list: (query: PageQuery = {}) => request<Page<RoomOverview>>('GET', '/rooms', { query: { ...query } }),
      /** Public ones, by the beginnings of words in their name, without regard to case and accents. */
      browse: (query: PageQuery & { search?: string } = {}) =>
        request<Page<Room>>('GET', '/rooms/browse', { query: { ...query } }),
      get: (roomId: string) => request<Room>('GET', `/rooms/${roomId}`),
      create: (body: NewRoom) => request<Room>('POST', '/rooms', { body }),
      /** The direct room of you and another user: there is one for a pair, made when first asked for. */
      openDirect: (body: UserReference) => request<Room>('POST', '/rooms/direct', { body }),
      update: (roomId: string, body: { name?: string; topic?: string }) =>
        request<Room>('PATCH', `/rooms/${roomId}`, { body }),
      /** With everything in it. */
      delete: (roomId: string) => request<void>('DELETE', `/rooms/${roomId}`),
      join: (roomId: string) => request<Room>('POST', `/rooms/${roomId}/join`),
      leave: (roomId: string) => request<void>('POST', `/rooms/${roomId}/leave`),
      /** Moves your read marker forward; it goes back by `markUnread` alone. */
      markRead: (roomId: string, seq: number) =>
        request<void>('PUT', `/rooms/${roomId}/read`, { body: { seq } }),
      /** What has this number is unread, and what follows it. */
      markUnread: (roomId: string, seq: number) =>
        request<void>('PUT', `/rooms/${roomId}/read`, { body: { seq, back: true } }),
      /** You have read everything that there is now, in all of your rooms and threads. */
      markAllRead: () => request<void>('POST', '/rooms/read-all'),
      /** How you want to have a room. */
      preferences: (roomId: string) => request<RoomPreferences>('GET', `/rooms/${roomId}/preferences`),
      /** Changes how you want to have a room; what is left out stays. */
      prefer: (roomId: string, body: RoomPreferencesChange) =>
        request<RoomPreferences>('PATCH', `/rooms/${roomId}/preferences`, { body }),
    },
    members: {
      list: (roomId: string, query: PageQuery = {}) =>
        request<Page<Member>>('GET', `/rooms/${roomId}/members`, { query: { ...query } }),
      /** Brings somebody in; who has left by themselves is asked first, and is no member until they accept. */
      add: (roomId: string, body: UserReference) =>
        request<Member | Invited>('POST', `/rooms/${roomId}/members`, { body }),
      /** Making another member the owner makes you a moderator. */
      setRole: (roomId: string, userId: string, role: RoomRole) =>
        request<Member>('PATCH', `/rooms/${roomId}/members/${userId}`, { body: { role } }),
      remove: (roomId: string, userId: string) =>
        request<void>('DELETE', `/rooms/${roomId}/members/${userId}`),
    },
    /** Rooms that you have left, and are asked back into. */
    invitations: {
      list: () => request<{ items: Invitation[] }>('GET', '/users/me/invitations'),
      accept: (roomId: string) => request<Room>('POST', `/users/me/invitations/${roomId}`),
      decline: (roomId: string) => request<void>('DELETE', `/users/me/invitations/${roomId}`),
    },
    messages: {
      /** Committed when it answers; the same `clientId` again gives the same message again. */
      send: (
        roomId: string,
        body: {
          text: string;
          clientId: string;
          replyTo?: number;
          threadSeq?: number;
          alsoInRoom?: boolean;
        },
      ) => request<MessageCreated>('POST', `/rooms/${roomId}/messages`, { body }),
      /** As it is now. */
      get: (roomId: string, seq: number) =>
        request<MessageCreated>('GET', `/rooms/${roomId}/messages/${seq}`),
      /** Gives your message another text; the answer is the message as it is now. */
      edit: (roomId: string, seq: number, body: { text: string }) =>
        request<MessageCreated>('PATCH', `/rooms/${roomId}/messages/${seq}`, { body }),
      /** Your message, or anybody's where you moderate the room. */
      delete: (roomId: string, seq: number) => request<void>('DELETE', `/rooms/${roomId}/messages/${seq}`),
      /** Newest first, those in threads alone not among them. */
      list: (roomId: string, query: { before?: number; limit?: number } = {}) =>
        request<{ items: MessageCreated[]; nextBefore?: number }>('GET', `/rooms/${roomId}/messages`, {
          query,
        }),
      /** The number of the first message at a moment or after it, or of the newest one; 0 where there are none. */
      at: (roomId: string, time: string) =>
        request<{ seq: number }>('GET', `/rooms/${roomId}/at`, { query: { time } }),
      /** Everything that happened in the room after a number, oldest first. */
      events: (roomId: string, query: { after?: number; limit?: number } = {}) =>
        request<{ items: Entry[]; lastSeq: number; complete: boolean }>('GET', `/rooms/${roomId}/events`, {
          query,
        }),
    },
    reactions: {
      /** Who reacted to a message, and how; of those who reacted alike at most 200. */
      list: (roomId: string, seq: number) =>
        request<{ items: Reaction[] }>('GET', `/rooms/${roomId}/messages/${seq}/reactions`),
      /** The answer is the message as it is now. Again is harmless. */
      add: (roomId: string, seq: number, emoji: string) =>
        request<MessageCreated>(
          'PUT',
          `/rooms/${roomId}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`,
        ),
      /** Again is harmless. */
      remove: (roomId: string, seq: number, emoji: string) =>
        request<void>('DELETE', `/rooms/${roomId}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`),
    },
    pins: {
      /** The pinned messages of a room, the one that was pinned last first; at most 100. */
      list: (roomId: string) => request<{ items: MessageCreated[] }>('GET', `/rooms/${roomId}/pins`),
      /** As a moderator of the room, or one of the two of a direct one. Again is harmless. */
      add: (roomId: string, seq: number) => request<void>('PUT', `/rooms/${roomId}/pins/${seq}`),
      /** Again is harmless. */
      remove: (roomId: string, seq: number) => request<void>('DELETE', `/rooms/${roomId}/pins/${seq}`),
    },
    threads: {
      /** The threads that you follow and that have replies, the one with the newest reply first. */
      list: (query: PageQuery = {}) => request<Page<Thread>>('GET', '/threads', { query: { ...query } }),
      /** One, as you have it; also that of a message which nobody has replied to yet. */
      get: (roomId: string, threadSeq: number) =>
        request<Thread>('GET', `/rooms/${roomId}/threads/${threadSeq}`),
      /** The replies in it, newest first. Send one with `messages.send` and its `threadSeq`. */
      messages: (roomId: string, threadSeq: number, query: { before?: number; limit?: number } = {}) =>
        request<{ items: MessageCreated[]; nextBefore?: number }>(
          'GET',
          `/rooms/${roomId}/threads/${threadSeq}/messages`,
          { query },
        ),
      /** Again is harmless. */
      follow: (roomId: string, threadSeq: number) =>
        request<void>('PUT', `/rooms/${roomId}/threads/${threadSeq}/following`),
      /** Until you write in it again. Again is harmless. */
      unfollow: (roomId: string, threadSeq: number) =>
        request<void>('DELETE', `/rooms/${roomId}/threads/${threadSeq}/following`),
      /** Moves your read marker in a thread that you follow forward; it goes back by `markUnread` alone. */
      markRead: (roomId: string, threadSeq: number, seq: number) =>
        request<void>('PUT', `/rooms/${roomId}/read`, { body: { seq, threadSeq } }),
      /** What has this number is unread, and what follows it. */
      markUnread: (roomId: string, threadSeq: number, seq: number) =>
        request<void>('PUT', `/rooms/${roomId}/read`, { body: { seq, threadSeq, back: true } }),
    },
    files: {
      /**
       * Uploads a file, for a message to carry (`room.send`). It goes on after a lost connection for as long as it takes, until
       * its signal gives it up; what is in no message after a day is gone.
       */
      upload: uploader(request),
      /** Gives up what was uploaded and is in no message. */
      discard: (id: string) => request<void>('DELETE', `/uploads/${id}`),
      /** A smaller picture of a picture, for `URL.createObjectURL`. */
      thumbnail: (id: string, size: 'small' | 'large', signal?: AbortSignal) =>
        persistently(() =>
          request<Blob>('GET', `/files/${id}/thumbnail`, { query: { size }, as: 'blob', signal }),
        ),
      /** For five minutes: where a player or a download, which cannot send a token, has the file. */
      link: (id: string) =>
        request<{ url: string; expiresAt: string }>('POST', `/files/${id}/link`).then((link) => ({
          ...link,
          url: `${url}${link.url}`,
        })),
    },
    /** Messages of your rooms, by what they say; days are days of UTC. */
    search: (q: string, { signal, ...query }: SearchOptions = {}) =>
      request<Page<SearchHit>>('GET', '/search', { query: { q, ...query }, signal }),
    /** For those who manage the server. */
    admin: {
      /** In the order of their usernames. */
      users: (query: AccountQuery = {}) =>
        request<Page<Account>>('GET', '/admin/users', { query: { ...query } }),
      /** Also where registration is closed. */
      createUser: (body: NewAccount & { role?: Role }) => request<Account>('POST', '/admin/users', { body }),
      /** Changes what is given, and leaves the rest. */
      updateUser: (userId: string, body: AccountChange) =>
        request<Account>('PATCH', `/admin/users/${userId}`, { body }),
      /** With everything of it, for good. */
      deleteUser: (userId: string) => request<void>('DELETE', `/admin/users/${userId}`),
      /** Every public and private room, in the order of their names. */
      rooms: (query: PageQuery & { search?: string; kind?: 'public' | 'private' } = {}) =>
        request<Page<Room>>('GET', '/admin/rooms', { query: { ...query } }),
      apiKeys: {
        /** The secret is in the answer and nowhere else. */
        create: (body: ApiKeyRequest) => request<NewApiKey>('POST', '/admin/api-keys', { body }),
        /** The newest first. */
        list: () => request<{ items: ApiKey[] }>('GET', '/admin/api-keys'),
        /** A new secret; the one before works on for `overlap` seconds, a day unless told. */
        rotate: (id: string, overlap?: number) =>
          request<NewApiKey>('POST', `/admin/api-keys/${id}/rotate`, { body: { overlap } }),
        /** At once, and for good. */
        revoke: (id: string) => request<void>('DELETE', `/admin/api-keys/${id}`),
      },
    },
  };
};

/** What {@link createApi} gives. */
export type Api = ReturnType<typeof createApi>;
