import type {
  Entry,
  MessageCreated,
  Preferences,
  PreferencesChange,
  Presence,
  Profile,
  ReadMark,
  RoomOverview,
  SearchHit,
  ServerEvents,
  StatusChange,
  Thread,
  ThreadMark,
} from '@veche/protocol';
import { Connection, type ConnectionState } from './connection';
import { Emitter } from './emitter';
import { IndexedDbStore } from './outgoing/indexed-db-store';
import { Outbox } from './outgoing/outbox';
import type { OutgoingStore } from './outgoing/store';
import { People } from './people';
import { isNotifiedOf, PreferencesKept } from './preferences';
import { Presences } from './presence';
import { persistently } from './persistently';
import { type Api, createApi, type Page, type SearchOptions } from './rest/api';
import { providedToken, type TokenProvider } from './rest/provided-token';
import type { GetToken, GetTraceparent } from './rest/request';
import { type Invitations, invitationList } from './rooms/invitations';
import { Look } from './rooms/look';
import { memberList } from './rooms/members';
import { pinList } from './rooms/pins';
import { ReadMarker } from './rooms/read-marker';
import { RoomRecord } from './rooms/record';
import { type Room, roomOf } from './rooms/room';
import { type RoomList, Rooms } from './rooms/rooms';
import { ThreadWindow } from './rooms/thread';
import { threadList, type Threads } from './rooms/threads';
import { TimelineWindow } from './rooms/timeline';
import { withLocalDays, withLocalMoments } from './search';
import type { Watchable } from './watchable';

/** What a client is connected with. */
export type ConnectOptions = {
  /** Where the server is: `https://chat.example.org`, or '' for where the page came from. */
  url: string;
  /**
   * Where messages wait until they are committed. In browsers that is IndexedDB unless told, so that a message
   * outlives its page; elsewhere, and with `null`, they live as long as this client.
   */
  store?: OutgoingStore | null;
  /** The span of your own trace that a call belongs to: the server goes on in it, where it records traces. */
  traceparent?: GetTraceparent;
} & (
  | {
      /** Asked for a token whenever one is needed; {@link createSession} has one, or your own server makes them. */
      getToken: GetToken;
    }
  | {
      /** What asks your own server for an access token; or one, and the client ends when it expires. */
      token: string | TokenProvider;
    }
);

/** Threads that are fetched at once. */
const THREADS_A_PAGE = 100;
/** Members of a room, where each is told how far the others have read. */
const MOST_SHOWN_READERS = 32;

/** What happens, for those who want to act on it rather than to show it. */
export interface ClientEvents {
  /**
   * Every entry of every room of yours, in the order of its room, each once: as it happens, or when caught up. Of a large
   * room as it happens only while you look at it ({@link Room.enter}), or where it calls you.
   */
  entry: Entry;
  /** The entries that are messages. */
  message: MessageCreated;
  /** You are in this room from here on; also told for each room when the client begins. */
  'room:added': RoomOverview;
  'room:removed': { roomId: string };
  /** So much was missed of this room that its entries were not told one by one: its state was fetched anew. */
  'room:skipped': { roomId: string };
  /** You have read up to there, on whichever device; or somebody else has, in a small room that you look at. */
  read: ReadMark;
}

/** A user's chat, kept as the server has it. */
export interface Client {
  readonly connection: Watchable<ConnectionState>;
  /** Rooms that you have left, and are asked back into; fetched when watched. Answer with `api.invitations`. */
  readonly invitations: Watchable<Invitations>;
  /**
   * The threads that you follow, the one with the newest reply first, at most 200; fetched when watched. Each one as it is:
   * `room(id).thread(seq)`.
   */
  readonly threads: Watchable<Threads>;
  /** Your rooms, the one with the newest message first. */
  readonly rooms: Watchable<RoomList>;
  /** One of your rooms, or one that may become yours. */
  readonly room: (roomId: string) => Room;
  /** Who has this id: undefined until it is known, null for an account that is gone. Asked for many at a time. */
  readonly person: (userId: string) => Watchable<Profile | null | undefined>;
  /**
   * Whether somebody is here, and what they say of themself; undefined until it is known. Kept of those who are watched,
   * at most 500, and of the members of small rooms that you look at.
   */
  readonly presence: (userId: string) => Watchable<Presence | undefined>;
  /**
   * What you say of yourself, all of it: what is left out is taken back.
   * @throws VecheError where the server does not want it, or is out of reach
   */
  readonly setStatus: (status: StatusChange) => Promise<Presence>;
  /** Nobody sits at this device, or somebody does again: you are away where that is so of all your devices. */
  readonly setIdle: (idle: boolean) => void;
  /** How you want to have rooms of which you have said nothing else; undefined until it is known. Fetched when watched. */
  readonly preferences: Watchable<Preferences | undefined>;
  /**
   * Changes that; what is left out stays.
   * @throws VecheError where the server does not want it, or is out of reach for long
   */
  readonly prefer: (change: PreferencesChange) => Promise<void>;
  /**
   * Whether you want to be notified of a message, by what you have said of its room: its level, and whether it is muted. Of
   * what is in a thread alone you are where it calls you, or you follow the thread: watch {@link Client.threads} for that.
   * Do not disturb is not looked at.
   */
  readonly isNotifiedOf: (message: MessageCreated) => boolean;
  /** You have read everything that there is now, in all of your rooms. @throws VecheError as {@link Client.prefer} */
  readonly markAllRead: () => Promise<void>;
  /** Who you are; undefined until the first connection. */
  readonly userId: string | undefined;
  /**
   * Finds messages in your rooms: words in any form, "exact phrases", and filters as people type them (`from:anna`,
   * `in:general`, `before:2026-01-31`, `has:link`). Days begin at this machine's midnight. Give `nextCursor` back as
   * `cursor` for more.
   */
  readonly search: (query: string, options?: SearchOptions) => Promise<Page<SearchHit>>;
  /** The REST API with the same token. */
  readonly api: Api;
  /** @returns what ends it */
  readonly on: <E extends keyof ClientEvents>(
    event: E,
    listener: (payload: ClientEvents[E]) => void,
  ) => () => void;
  /** Tries now what would be tried later. */
  readonly reconnect: () => void;
  /**
   * Ends everything; what is not sent yet is kept for the next client of this user where there is a store. `forget`
   * keeps nothing: for somebody who leaves this machine to others.
   */
  readonly close: (options?: { forget?: boolean }) => void;
}

const getTokenOf = (token: string | TokenProvider): GetToken =>
  // of a text there is no other one: the server says of it what is wrong with it, once more
  typeof token === 'string' ? () => token : providedToken(token);

/** Connects a user, and stays connected until {@link Client.close} or the end of the session. */
export const connect = (options: ConnectOptions): Client => {
  const { url, traceparent } = options;
  const getToken = 'getToken' in options ? options.getToken : getTokenOf(options.token);
  const api = createApi({ url, getToken, traceparent });
  const events = new Emitter<ClientEvents>();
  const handles = new Map<string, Room>();
  const people = new People(async (ids) => (await persistently(() => api.users.byIds(ids))).items);

  const presences = new Presences({
    call: (name, payload) => connection.call(name, payload),
    online: () => connection.online,
  });

  const preferences = new PreferencesKept({
    fetch: () => persistently(() => api.users.preferences()),
    isOnline: () => connection.online,
  });

  const invitations = invitationList(async () => (await persistently(() => api.invitations.list())).items);

  const outbox = new Outbox({
    url,
    store: options.store === undefined ? browserStore() : (options.store ?? undefined),
    connection: () => connection,
    take: (entry) => rooms.take(entry),
    head: (roomId) => rooms.record(roomId).head,
    changed: (roomId) => {
      const { timeline, threads: windows } = rooms.record(roomId);
      timeline.source.changed();
      for (const { source } of windows.values()) source.changed();
    },
  });

  const threads = threadList(fetchThreads, () => rooms.userId);

  async function fetchThreads() {
    // what was read here is not to come back
    const windows = [...rooms.records.values()].flatMap((one) => [...one.threads.values()]);
    await Promise.all(windows.map(({ marker }) => marker.flush()));
    const page = (cursor?: string) =>
      persistently(() =>
        api.threads.list({ limit: THREADS_A_PAGE, ...(cursor !== undefined && { cursor }) }),
      );
    const first = await page();
    const second = first.nextCursor === undefined ? { items: [] } : await page(first.nextCursor);
    return { threads: [...first.items, ...second.items], more: second.nextCursor !== undefined };
  }

  const takeThreadMark = (mark: ThreadMark): void => {
    threads.take(mark);
    rooms.records.get(mark.roomId)?.threads.get(mark.threadSeq)?.take(mark);
  };

  const threadWindow = (kept: RoomRecord, threadSeq: number): ThreadWindow => {
    const known = kept.threads.get(threadSeq);
    if (known) return known;
    const window = new ThreadWindow({
      roomId: kept.id,
      threadSeq,
      api,
      pending: () => outbox.pendingOf(kept.id, threadSeq),
      me: () => rooms.userId,
      look: () => kept.look.enter(),
      call: (name, payload) => connection.call(name, payload),
    });
    kept.threads.set(threadSeq, window);
    return window;
  };

  const record = (id: string): RoomRecord => {
    const timeline = new TimelineWindow({
      fetch: (after, limit) => persistently(() => api.messages.events(id, { after, limit })),
      found: (entries) => entries.forEach((entry) => rooms.take(entry)),
      head: (): number | undefined => (kept.overview ? kept.head : undefined),
      pending: () => outbox.pendingOf(id),
      me: () => rooms.userId,
    });
    const look = new Look({
      roomId: id,
      call: (name, payload) => connection.call(name, payload),
      online: () => connection.online,
      head: () => kept.head,
      // marks that were not told are in no log; of a large room nobody's are told
      entered: ({ online, ...page }, held) => {
        for (const presence of online) presences.take(presence);
        rooms.takeEntered(kept, held, page);
        if ((kept.overview?.memberCount ?? 0) <= MOST_SHOWN_READERS) void members.refresh();
      },
    });
    const members = memberList(
      () => persistently(() => allPages((cursor) => api.members.list(id, { limit: 1000, cursor }))),
      () => look.enter(),
    );
    const pins = pinList(
      async () => (await persistently(() => api.pins.list(id))).items,
      () => rooms.userId,
    );
    const marker = new ReadMarker((seq) => connection.call('read', { roomId: id, seq }));
    const kept: RoomRecord = new RoomRecord(id, timeline, members, pins, marker, look);
    return kept;
  };

  const rooms = new Rooms({
    api,
    connection: () => connection,
    record,
    entered: (entry) => {
      outbox.settle(entry);
      threads.take(entry);
      events.emit('entry', entry);
      if (entry.type === 'message.created') events.emit('message', entry);
      if (entry.type === 'messages.deleted') people.isGone(entry.userId);
    },
    added: (room) => {
      // what was sent to a room that was not known yet may be in it by now
      outbox.reached(room.id);
      events.emit('room:added', room);
    },
    removed: (roomId) => {
      threads.take({ left: roomId });
      events.emit('room:removed', { roomId });
    },
    skipped: (roomId) => {
      outbox.reached(roomId);
      events.emit('room:skipped', { roomId });
    },
    passedOver: () => void threads.refresh(),
  });

  const heard: { [E in keyof ServerEvents]: (payload: ServerEvents[E]) => void } = {
    ready: (ready) => {
      rooms.begin(ready);
      outbox.begin(ready.userId);
      people.begin();
      presences.begin(ready.userId);
      preferences.begin();
      // what is told while nobody is connected is told to nobody
      void invitations.refresh();
      void threads.refresh();
    },
    rooms: (more) => rooms.beginMore(more),
    event: (entry) => rooms.take(entry),
    'room:moved': (moved) => {
      rooms.takeMoved(moved);
      threads.take({ moved });
    },
    read: (mark) => {
      rooms.takeMark(mark);
      events.emit('read', mark);
    },
    reads: ({ roomId, marks }) => {
      for (const mark of marks) {
        if (mark.userId === rooms.userId) continue;
        rooms.takeMark({ roomId, ...mark });
        events.emit('read', { roomId, ...mark });
      }
    },
    typing: (typing) => rooms.takeTyping(typing),
    presence: (presence) => presences.take(presence),
    invitation: (told) => invitations.take(told),
    thread: takeThreadMark,
    preferences: (told) => preferences.take(told),
    'room:preferences': ({ roomId, ...told }) => rooms.prefer(roomId, told),
    'room:added': ({ room }) => rooms.add(room),
    'room:removed': ({ roomId }) => rooms.remove(roomId),
    'session:ended': () => undefined,
  };

  const connection: Connection = new Connection({
    url,
    getToken,
    traceparent,
    hear: (event, payload) => heard[event](payload),
  });

  connection.state.subscribe(() => {
    const state = connection.state.get();
    // whoever signs out on purpose may be sitting at somebody else's machine
    if (state.status === 'ended' && state.reason === 'logout') outbox.forget();
  });

  return {
    connection: connection.state,
    rooms: rooms.source,
    invitations: invitations.source,
    threads: threads.source,
    room: (id) => {
      const kept = rooms.record(id);
      const handle =
        handles.get(id) ??
        roomOf(kept, rooms, outbox, api, (threadSeq) => threadWindow(kept, threadSeq), takeThreadMark);
      handles.set(id, handle);
      return handle;
    },
    person: people.person,
    presence: presences.presence,
    setStatus: (status) => presences.setStatus(status),
    setIdle: (idle) => presences.setIdle(idle),
    preferences: preferences.source,
    prefer: async (change) => preferences.take(await persistently(() => api.users.prefer(change))),
    isNotifiedOf: (message) => {
      const room = rooms.record(message.roomId).overview;
      const usual = preferences.source.get();
      if (!room || !usual) return false;
      const { roomId, threadSeq, threadAuthorId } = message;
      const isOfIt = (thread: Thread) => thread.roomId === roomId && thread.threadSeq === threadSeq;
      const follows = threads.source.get().items.some(isOfIt) || threadAuthorId === rooms.userId;
      return isNotifiedOf(message, room, usual, { me: rooms.userId, follows });
    },
    markAllRead: () => persistently(() => api.rooms.markAllRead()),
    get userId() {
      return rooms.userId || undefined;
    },
    search: (query, options) => api.search(withLocalDays(query), withLocalMoments(options)),
    api,
    on: events.on,
    reconnect: connection.reconnect,
    close: ({ forget } = {}) => {
      if (forget) outbox.forget();
      connection.close();
      outbox.close();
    },
  };
};

/** None where there is no IndexedDB, or a browser that is to keep nothing refuses it. */
const browserStore = (): OutgoingStore | undefined => {
  try {
    return (globalThis as { indexedDB?: unknown }).indexedDB ? new IndexedDbStore() : undefined;
  } catch {
    return undefined;
  }
};

const allPages = async <T>(
  page: (cursor?: string) => Promise<{ items: T[]; nextCursor?: string }>,
): Promise<T[]> => {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    all.push(...items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return all;
};
