import { type Attachment, type Entry, isInRoom, type MessageCreated } from '@veche/protocol';
import { backOff } from '../backoff';
import { newClientId } from '../client-id';
import type { Connection } from '../connection';
import { asVecheError, isOfServer, mayGoThrough, VecheError } from '../errors';
import { inTime } from '../in-time';
import type { OutgoingStore, StoredMessage } from './store';

/** A message on its way. */
export interface PendingMessage {
  readonly clientId: string;
  readonly roomId: string;
  readonly text: string;
  readonly replyTo?: number;
  /** The files that come with it, which are uploaded already. */
  readonly attachments?: readonly Attachment[];
  /** Of a reply in a thread: what that hangs on, and whether it is shown in the room too. */
  readonly threadSeq?: number;
  readonly alsoInRoom?: boolean;
  /** When it was written, in ISO 8601, by this machine's clock. */
  readonly at: string;
  /**
   * `queued` until its turn and a connection come, `sending`, `sent` when the server has committed it and the entry
   * is not here yet, `failed` when the server does not want it (see `error`).
   */
  readonly state: 'queued' | 'sending' | 'sent' | 'failed';
  readonly error?: VecheError;
}

/** What a message may have besides its text. */
export interface SendOptions {
  /** The number of the message that it answers. */
  readonly replyTo?: number;
  /** Files that were uploaded (`api.files.upload`); the text may be empty then. */
  readonly attachments?: readonly Attachment[];
  /** For a reply in a thread: the number of the message that it hangs on. */
  readonly threadSeq?: number;
  /** With `threadSeq` alone: the reply is shown in the room too. */
  readonly alsoInRoom?: boolean;
}

/** A message that was handed over to be sent. */
export interface Outgoing {
  readonly clientId: string;
  /**
   * The committed entry. Rejects with {@link VecheError} when the server does not want the message (a retry makes
   * it pending again, and its promise is another), and with `closed` when it is discarded or the client is closed.
   * It need not be looked at.
   */
  readonly committed: Promise<MessageCreated>;
}

/** How long a message, and what was left by others, may wait for a store that does not answer. */
const STORE_MS = 2_000;
/** Tries of what fails for no reason that the server can name. */
const MAX_TRIES = 5;

interface Item {
  message: PendingMessage;
  /** The number that it was committed as. */
  seq?: number;
  tries: number;
  /** Settles when it is kept, or cannot be. */
  kept: Promise<unknown>;
  resolve: (entry: MessageCreated) => void;
  reject: (error: VecheError) => void;
}

export interface OutboxOptions {
  readonly url: string;
  /** Without one, messages live as long as this client. */
  readonly store: OutgoingStore | undefined;
  readonly connection: () => Connection;
  /** Takes an entry that the server acknowledged. */
  readonly take: (entry: Entry) => void;
  /** Up to which number the entries of a room are here. */
  readonly head: (roomId: string) => number;
  readonly changed: (roomId: string) => void;
}

/**
 * Messages that are not committed yet. In each room one is sent after the other, so that they keep their order, and
 * each under the same client id until there is an answer, so that there is one of it.
 */
export class Outbox {
  private readonly items = new Map<string, Item>();
  /** By room, and by thread where it is of one. */
  private readonly lists = new Map<string, Map<number | undefined, readonly PendingMessage[]>>();
  private readonly sending = new Set<string>();
  private me = '';
  private adopting?: Promise<unknown>;

  constructor(private readonly options: OutboxOptions) {}

  /** What belongs to a room itself, or to one of its threads. The same list until something in it changes. */
  pendingOf(roomId: string, threadSeq?: number): readonly PendingMessage[] {
    const lists = this.lists.get(roomId) ?? new Map<number | undefined, readonly PendingMessage[]>();
    this.lists.set(roomId, lists);
    const known = lists.get(threadSeq);
    if (known) return known;
    const messages = this.itemsOf(roomId).map(({ message }) => message);
    const list = messages.filter((message) =>
      threadSeq === undefined ? isInRoom(message) : message.threadSeq === threadSeq,
    );
    lists.set(threadSeq, list);
    return list;
  }

  send(roomId: string, text: string, options: SendOptions = {}): Outgoing {
    const { replyTo, attachments, threadSeq, alsoInRoom } = options;
    const clientId = newClientId();
    const at = new Date().toISOString();
    const thread = threadSeq === undefined ? undefined : { threadSeq, alsoInRoom };
    const committed = this.add({
      ...{ clientId, roomId, text, replyTo, attachments, ...thread },
      ...{ at, state: 'queued' },
    });
    const item = this.items.get(clientId);
    if (item) this.keep(item);
    this.run(roomId);
    return { clientId, committed };
  }

  retry(clientId: string): void {
    const item = this.items.get(clientId);
    if (item?.message.state !== 'failed') return;
    item.tries = 0;
    this.change(item, { state: 'queued', error: undefined });
    this.keep(item);
    this.run(item.message.roomId);
  }

  discard(clientId: string): void {
    const item = this.items.get(clientId);
    if (!item || item.message.state === 'sent') return;
    this.drop(item);
    item.reject(new VecheError('closed'));
  }

  /** A connection begins. What others have left is here before anything is sent. */
  begin(userId: string): void {
    const known = this.me === userId;
    this.me = userId;
    if (!known) for (const item of this.items.values()) this.keep(item);
    const { store } = this.options;
    if (store) this.adopting = settled(this.adopt(store));
    void Promise.resolve(this.adopting).then(() => this.roomIds().forEach((roomId) => this.run(roomId)));
  }

  /** The user wants to leave nothing on this device. */
  forget(): void {
    void this.options.store?.clear(this.account).catch(() => undefined);
  }

  /** An entry has come in its turn: it may be one of ours. */
  settle(entry: Entry): void {
    if (entry.type !== 'message.created' || entry.actorId !== this.me) return;
    const item = this.items.get(entry.clientId);
    if (item?.message.roomId !== entry.roomId) return;
    this.drop(item);
    item.resolve(entry);
  }

  /** The entries of a room up to its head are here, though they did not all come by {@link settle}. */
  reached(roomId: string): void {
    for (const item of this.itemsOf(roomId))
      if (item.seq !== undefined && item.seq <= this.options.head(roomId)) this.drop(item);
  }

  close(): void {
    for (const item of this.items.values()) item.reject(new VecheError('closed'));
    this.items.clear();
    this.options.store?.close();
  }

  private get account(): string {
    return `${this.options.url} ${this.me}`;
  }

  private async adopt(store: OutgoingStore): Promise<void> {
    const { me } = this;
    const inherit = (left: readonly StoredMessage[]): void => {
      // somebody else may have signed in by now
      if (me === this.me) this.inherit(left);
    };
    inherit(await store.adopt(this.account, inherit));
  }

  /** Puts what others have left among what is here, by when it was written. Each of both keeps its own order. */
  private inherit(left: readonly StoredMessage[]): void {
    const known = new Set(this.items.keys());
    const own = [...this.items.values()];
    this.items.clear();
    for (const { refused, ...message } of left) {
      if (known.has(message.clientId)) continue;
      for (let item = own[0]; item && item.message.at < message.at; item = own[0]) {
        this.items.set(item.message.clientId, item);
        own.shift();
      }
      const error = refused && new VecheError(refused.code, { detail: refused.detail });
      void this.add({ ...message, state: error ? 'failed' : 'queued', error });
    }
    for (const item of own) this.items.set(item.message.clientId, item);
    left.forEach(({ roomId }) => this.run(roomId));
  }

  private keep(item: Item): void {
    const { store } = this.options;
    // a store that is full or forbidden must not keep a message from being sent
    if (store && this.me) item.kept = settled(store.put(this.account, storedOf(item.message)));
  }

  private add(message: PendingMessage): Promise<MessageCreated> {
    const committed = new Promise<MessageCreated>((resolve, reject) => {
      this.items.set(message.clientId, { message, tries: 0, kept: Promise.resolve(), resolve, reject });
    });
    // nobody has to look at it
    committed.catch(() => undefined);
    this.tell(message.roomId);
    return committed;
  }

  private run(roomId: string): void {
    if (this.sending.has(roomId)) return;
    this.sending.add(roomId);
    void this.sendAll(roomId);
  }

  private async sendAll(roomId: string): Promise<void> {
    try {
      await this.adopting;
      for (let failures = 0; ;) {
        // another one may have begun while we waited
        const connection = this.options.connection();
        const item = this.itemsOf(roomId).find(({ message }) => message.state === 'queued');
        if (!item || !connection.online) return;
        failures = (await this.sendOne(item, connection)) ? 0 : failures + 1;
        if (failures > 0 && connection.online) await backOff(failures);
      }
    } finally {
      // not a turn later: whoever awaited the last one may be writing the next by then
      this.sending.delete(roomId);
    }
  }

  /** @returns whether there is an answer; otherwise it is to be sent again */
  private async sendOne(item: Item, connection: Connection): Promise<boolean> {
    const { roomId, text, clientId, replyTo, attachments, threadSeq, alsoInRoom } = item.message;
    await item.kept;
    if (item.message.state !== 'queued' || !this.items.has(clientId)) return true;
    this.change(item, { state: 'sending' });
    try {
      const { event } = await connection.call('message:send', {
        ...{ roomId, text, clientId, replyTo, threadSeq, alsoInRoom },
        attachmentIds: attachments?.map(({ id }) => id),
      });
      this.committed(item, event);
    } catch (error) {
      if (this.items.has(clientId)) this.failed(item, asVecheError(error));
    }
    return this.items.get(clientId)?.message.state !== 'queued';
  }

  private committed(item: Item, entry: MessageCreated): void {
    item.seq = entry.seq;
    this.unkeep(item);
    if (this.items.has(item.message.clientId)) this.change(item, { state: 'sent' });
    item.resolve(entry);
    this.options.take(entry);
    this.reached(entry.roomId);
  }

  private failed(item: Item, error: VecheError): void {
    const again =
      mayGoThrough(error) ||
      error.code === 'session_ended' ||
      (error.code === 'internal' && ++item.tries < MAX_TRIES);
    if (again) return this.change(item, { state: 'queued' });
    this.change(item, { state: 'failed', error });
    this.keep(item);
    item.reject(error);
  }

  private change(item: Item, to: Partial<PendingMessage>): void {
    item.message = { ...item.message, ...to };
    this.tell(item.message.roomId);
  }

  private drop(item: Item): void {
    if (!this.items.delete(item.message.clientId)) return;
    this.unkeep(item);
    this.tell(item.message.roomId);
  }

  private unkeep(item: Item): void {
    const { store } = this.options;
    if (store)
      void item.kept.then(() => store.remove(this.account, item.message.clientId)).catch(() => undefined);
  }

  private roomIds(): Set<string> {
    return new Set([...this.items.values()].map(({ message }) => message.roomId));
  }

  private tell(roomId: string): void {
    this.lists.delete(roomId);
    this.options.changed(roomId);
  }

  private itemsOf(roomId: string): Item[] {
    return [...this.items.values()].filter(({ message }) => message.roomId === roomId);
  }
}

const storedOf = ({ state: _state, error, ...message }: PendingMessage): StoredMessage => ({
  ...message,
  ...(error && isOfServer(error.code) ? { refused: { code: error.code, detail: error.detail } } : {}),
});

/** Settles when the promise does, however it does, and in any case soon. */
const settled = (promise: Promise<unknown>): Promise<unknown> =>
  inTime(
    promise.catch(() => undefined),
    STORE_MS,
    () => undefined,
  );
