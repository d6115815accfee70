import type { Calls, Entry, MessageCreated, Thread, ThreadMark } from '@veche/protocol';
import { asVecheError, type VecheError } from '../errors';
import type { Outgoing, PendingMessage, SendOptions } from '../outgoing/outbox';
import { persistently } from '../persistently';
import type { Api } from '../rest/api';
import { Source, type Watchable } from '../watchable';
import { FetchedList } from './fetched';
import { foldShown, makesStale } from './fold';
import { ReadMarker } from './read-marker';
import { foldThread, isMark, isUnknownAfter, type ThreadNews } from './thread-state';

/** A thread as it is now: what it hangs on, and its newest replies. */
export interface ThreadTimeline {
  /** `empty` until somebody watches it; `failed` where it could not be had (see `error`). */
  readonly status: 'empty' | 'loading' | 'ready' | 'failed';
  /** What it hangs on, whether you follow it, and how far you have read; undefined until it is known. */
  readonly thread: Thread | undefined;
  /** Oldest first, deleted ones among them. */
  readonly messages: readonly MessageCreated[];
  /** What you have sent and the messages above do not show yet. */
  readonly pending: readonly PendingMessage[];
  /** Whether the messages begin with the first reply. */
  readonly reachedStart: boolean;
  readonly loadingOlder: boolean;
  readonly error?: VecheError;
}

/** A thread of a room. The same object for the same number, as long as the client lives. */
export interface RoomThread {
  readonly roomId: string;
  /** The number of the message that it hangs on. */
  readonly threadSeq: number;
  /** Loaded when somebody watches, who then looks at the room as with {@link Room.enter}. */
  readonly timeline: Watchable<ThreadTimeline>;
  /** Replies, as {@link Room.send} sends messages; with `alsoInRoom` it is shown in the room too. */
  send(text: string, options?: Omit<SendOptions, 'threadSeq'>): Outgoing;
  /** You have read up to this number; up to the newest reply when left out. */
  markRead(seq?: number): void;
  /**
   * This reply is unread, and what follows it, on all of your devices.
   * @throws VecheError as {@link Room.edit}
   */
  markUnread(seq: number): Promise<void>;
  /**
   * You follow it from now on, or no more until you write in it again. Again is harmless.
   * @throws VecheError as {@link Room.edit}
   */
  follow(on: boolean): Promise<void>;
  /** More of what came before. Does nothing where it begins with the first reply, or is loading. */
  loadOlder(): Promise<void>;
}

const PAGE = 50;

interface State {
  readonly thread: Thread | undefined;
  readonly messages: readonly MessageCreated[];
  /** undefined: the messages begin with the first. */
  readonly nextBefore: number | undefined;
}

export interface ThreadOptions {
  readonly roomId: string;
  readonly threadSeq: number;
  readonly api: Api;
  readonly pending: () => readonly PendingMessage[];
  readonly me: () => string;
  /** From its call on until that of its result, everything that happens in the room is told. */
  readonly look: () => () => void;
  readonly call: (name: 'read', payload: Calls['read']['payload']) => Promise<unknown>;
}

/** The part of a thread that somebody looks at: its newest replies, and older ones that were asked for. */
export class ThreadWindow {
  readonly source: Source<ThreadTimeline>;
  readonly marker: ReadMarker;
  private readonly list: FetchedList<State, ThreadNews, MessageCreated>;
  /** What happened while older replies are being fetched; undefined while none are. */
  private meanwhile: Entry[] | undefined;
  private error: VecheError | undefined;
  /** Fetches of the newest replies so far: what was asked for before is of no use. */
  private place = 0;

  constructor(private readonly options: ThreadOptions) {
    const { call, roomId, threadSeq, look, me } = options;
    this.marker = new ReadMarker((seq) => call('read', { roomId, threadSeq, seq }));
    let endLook: () => void = () => undefined;
    let unwatch: () => void = () => undefined;
    this.list = new FetchedList<State, ThreadNews, MessageCreated>({
      empty: { thread: undefined, messages: [], nextBefore: undefined },
      fetch: () => this.fetch(),
      after: (state, news) => news.reduce((is, one) => this.after(is, one), state),
      items: ({ messages }) => messages,
      lacks: ({ thread, messages }, news) =>
        (thread !== undefined && isUnknownAfter(thread, news, me())) ||
        (!isMark(news) && messages.some((message) => makesStale(message, news))),
      watched: () => (endLook = look()),
      unwatched: () => endLook(),
    });
    this.source = new Source(
      () => this.snapshot(),
      () => (unwatch = this.list.source.subscribe(() => this.source.changed())),
      () => unwatch(),
    );
  }

  /** How the user has it; undefined until it is known. */
  get thread(): Thread | undefined {
    return this.list.present.thread;
  }

  take(news: ThreadNews): void {
    if (isMark(news)) this.marker.takeBack(news.readSeq, news.revision ?? 0);
    else this.meanwhile?.push(news);
    this.list.take(news);
  }

  begin(): Promise<void> {
    return this.list.begin();
  }

  refresh(): Promise<void> {
    return this.list.refresh();
  }

  clear(): void {
    this.place++;
    this.marker.forget();
    this.list.clear();
    this.source.changed();
  }

  async loadOlder(): Promise<void> {
    const before = this.list.present.nextBefore;
    if (before === undefined || this.meanwhile) return;
    const meanwhile: Entry[] = (this.meanwhile = []);
    const { place } = this;
    this.source.changed();
    try {
      const { roomId, threadSeq, api, me } = this.options;
      const page = await persistently(() => api.threads.messages(roomId, threadSeq, { before, limit: PAGE }));
      const older = page.items
        .reverse()
        .map((message) =>
          meanwhile.reduce<MessageCreated>((is, entry) => foldShown(is, entry, me()), message),
        );
      const { present } = this.list;
      if (place === this.place)
        this.list.change({
          ...present,
          messages: [...older, ...present.messages],
          nextBefore: page.nextBefore,
        });
      this.error = undefined;
    } catch (error) {
      this.error = asVecheError(error);
    } finally {
      this.meanwhile = undefined;
      this.source.changed();
    }
  }

  private async fetch(): Promise<State> {
    const { roomId, threadSeq, api } = this.options;
    this.place++;
    // what was read here is not to come back
    await this.marker.flush();
    const [thread, page] = await Promise.all([
      persistently(() => api.threads.get(roomId, threadSeq)),
      persistently(() => api.threads.messages(roomId, threadSeq, { limit: PAGE })),
    ]);
    this.marker.begin(thread.readSeq, thread.revision ?? 0);
    return { thread, messages: page.items.reverse(), nextBefore: page.nextBefore };
  }

  private after(state: State, news: ThreadNews): State {
    const { threadSeq, me } = this.options;
    const thread = state.thread && foldThread(state.thread, news, me());
    if (isMark(news)) return thread === state.thread ? state : { ...state, thread };
    let messages = state.messages.map((message) => foldShown(message, news, me()));
    if (messages.every((message, i) => message === state.messages[i])) messages = [...state.messages];
    const isNew =
      news.type === 'message.created' &&
      news.threadSeq === threadSeq &&
      news.seq > (state.messages.at(-1)?.seq ?? 0);
    if (isNew) messages.push(news);
    const isAsBefore =
      thread === state.thread &&
      messages.length === state.messages.length &&
      messages.every((message, i) => message === state.messages[i]);
    return isAsBefore ? state : { ...state, thread, messages };
  }

  private snapshot(): ThreadTimeline {
    const { status, items, error = this.error } = this.list.source.get();
    const { thread, nextBefore } = this.list.present;
    return {
      status,
      thread,
      messages: items,
      pending: this.options.pending(),
      reachedStart: status === 'ready' && nextBefore === undefined,
      loadingOlder: this.meanwhile !== undefined,
      error,
    };
  }
}

/**
 * @param window of the thread
 * @param send hands a message of the room over to be sent
 * @param told takes what the user has changed, as if it were told
 */
export const threadOf = (
  window: ThreadWindow,
  { roomId, threadSeq, api }: Pick<ThreadOptions, 'roomId' | 'threadSeq' | 'api'>,
  send: (text: string, options: SendOptions) => Outgoing,
  told: (mark: ThreadMark) => void,
): RoomThread => ({
  roomId,
  threadSeq,
  timeline: window.source,
  send: (text, options) => send(text, { ...options, threadSeq }),
  markRead: (seq = window.thread?.root.thread?.lastSeq ?? 0) => {
    const { thread } = window;
    if (!thread?.following || seq <= thread.readSeq) return;
    const { revision } = thread;
    told({ roomId, threadSeq, following: true, readSeq: seq, ...(revision !== undefined && { revision }) });
    window.marker.move(seq);
  },
  markUnread: async (seq) => {
    // what was read before is not to be told after it
    await window.marker.flush();
    await persistently(() => api.threads.markUnread(roomId, threadSeq, seq));
  },
  follow: async (on) => {
    const { follow, unfollow } = api.threads;
    await persistently(() => (on ? follow : unfollow)(roomId, threadSeq));
    // told, too, to whoever is connected
    void window.refresh();
  },
  loadOlder: () => window.loadOlder(),
});
