import type { RoomOverview, RoomPreferencesChange, ThreadMark } from '@veche/protocol';
import { persistently } from '../persistently';
import type { Api } from '../rest/api';
import type { Outbox, Outgoing, SendOptions } from '../outgoing/outbox';
import type { Watchable } from '../watchable';
import type { Members } from './members';
import type { Pins } from './pins';
import type { RoomRecord } from './record';
import type { Rooms } from './rooms';
import { type RoomThread, threadOf, type ThreadWindow } from './thread';
import type { Timeline } from './timeline';

/** One room. The same object for the same id, as long as the client lives. */
export interface Room {
  readonly id: string;
  /** What the list of rooms says of it; undefined while you are not a member. */
  readonly overview: Watchable<RoomOverview | undefined>;
  /** What was said and done in it. Loaded when somebody watches. */
  readonly timeline: Watchable<Timeline>;
  /** Who belongs to it. Loaded when somebody watches, who then looks at the room as with {@link Room.enter}. */
  readonly members: Watchable<Members>;
  /** What is pinned in it. Loaded when somebody watches. */
  readonly pins: Watchable<Pins>;
  /** The thread that hangs on a message, or may. */
  thread(seq: number): RoomThread;
  /** The ids of others who write now, while you look at the room ({@link Room.enter}). */
  readonly typing: Watchable<readonly string[]>;
  /**
   * You look at the room: from here on you are told who writes there, in small rooms who has read how far, and in large
   * ones everything that happens, at once. It holds over new connections. Called twice, it is to be ended twice.
   * @returns what ends it
   */
  enter(): () => void;
  /** You write, or have stopped: call it with each key. The rest is seen to. */
  write(on: boolean): void;
  /**
   * Sends a message: it is pending in the timeline at once, and is sent when its turn and a connection come, as
   * often as it takes, and once.
   */
  send(text: string, options?: SendOptions): Outgoing;
  /** Tries a failed message again, as the same message. */
  retry(clientId: string): void;
  /** Forgets a message that was not sent. One that is on its way may have arrived all the same. */
  discard(clientId: string): void;
  /**
   * Gives your message another text. The timeline shows it when the server has committed it. Again is harmless.
   * @throws VecheError where the server does not want it, or is out of reach for long
   */
  edit(seq: number, text: string): Promise<void>;
  /**
   * Deletes your message, or anybody's where you moderate the room. Again is harmless.
   * @throws VecheError as {@link Room.edit}
   */
  delete(seq: number): Promise<void>;
  /**
   * Reacts to a message with one emoji, or takes it back. The timeline shows it when the server has committed it. Again
   * is harmless.
   * @throws VecheError as {@link Room.edit}; `too_many_reactions` where there is no place for another emoji
   */
  react(seq: number, emoji: string, on: boolean): Promise<void>;
  /**
   * Pins a message, or takes the pin away: as a moderator of the room, or one of the two of a direct one. Again is
   * harmless.
   * @throws VecheError as {@link Room.edit}; `too_many_pins` where there is no place for another one
   */
  pin(seq: number, on: boolean): Promise<void>;
  /** You have read up to this number; up to the newest when left out. It goes back by {@link Room.markUnread} alone. */
  markRead(seq?: number): void;
  /**
   * This message is unread, and what follows it, on all of your devices; reading on moves the mark forward again.
   * @throws VecheError as {@link Room.edit}
   */
  markUnread(seq: number): Promise<void>;
  /**
   * Changes how you want to have the room; what is left out stays. {@link Room.overview} has it, on all of your devices.
   * Again is harmless.
   * @throws VecheError as {@link Room.edit}
   */
  prefer(change: RoomPreferencesChange): Promise<void>;
  /**
   * More of what came before. Does nothing where the timeline begins with the first entry, or is loading; where it
   * could not be brought to a place (`failed`), that is tried again.
   */
  loadOlder(): Promise<void>;
  /** More of what came after, where the timeline does not reach the newest entry; tries again like `loadOlder`. */
  loadNewer(): Promise<void>;
  /** Moves the timeline to the newest entries, to follow them. */
  loadLatest(): Promise<void>;
  /** Moves the timeline to an entry and what is around it; to the newest for a number that is not there yet. */
  loadAround(seq: number): Promise<void>;
}

/** @param window of the thread that hangs on a message of the room */
export const roomOf = (
  record: RoomRecord,
  rooms: Rooms,
  outbox: Outbox,
  api: Api,
  window: (threadSeq: number) => ThreadWindow,
  told: (mark: ThreadMark) => void,
): Room => {
  const threads = new Map<number, RoomThread>();
  const send: Room['send'] = (text, options) => {
    if (options?.threadSeq === undefined) record.look.sent();
    return outbox.send(record.id, text, options);
  };
  return {
    id: record.id,
    overview: record.source,
    timeline: record.timeline.source,
    members: record.members.source,
    pins: record.pins.source,
    typing: record.look.typing,
    enter: () => record.look.enter(),
    write: (on) => record.look.write(on),
    thread: (threadSeq) => {
      const thread =
        threads.get(threadSeq) ??
        threadOf(window(threadSeq), { roomId: record.id, threadSeq, api }, send, told);
      threads.set(threadSeq, thread);
      return thread;
    },
    send,
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    edit: async (seq, text) => {
      await persistently(() => api.messages.edit(record.id, seq, { text }));
    },
    delete: (seq) => persistently(() => api.messages.delete(record.id, seq)),
    react: async (seq, emoji, on) => {
      const { add, remove } = api.reactions;
      await persistently<unknown>(() => (on ? add : remove)(record.id, seq, emoji));
    },
    pin: (seq, on) => persistently(() => (on ? api.pins.add : api.pins.remove)(record.id, seq)),
    markRead: (seq = record.newest) => {
      rooms.read(record, seq);
      record.marker.move(seq);
    },
    markUnread: async (seq) => {
      // what was read before is not to be told after it
      await record.marker.flush();
      await persistently(() => api.rooms.markUnread(record.id, seq));
    },
    prefer: async (change) => {
      rooms.prefer(record.id, await persistently(() => api.rooms.prefer(record.id, change)));
    },
    loadOlder: () => record.timeline.loadOlder(),
    loadNewer: () => record.timeline.loadNewer(),
    loadLatest: () => record.timeline.loadLatest(),
    loadAround: (seq) => record.timeline.loadAround(seq),
  };
};
