import { newClientId } from '../client-id';
import type { OutgoingStore, StoredMessage } from './store';

const DATABASE = 'veche';
const MESSAGES = 'outgoing';
const BY_ACCOUNT = 'account';
const BY_MESSAGE = 'message';

interface Row extends StoredMessage {
  readonly account: string;
  readonly owner: string;
}

/**
 * Messages in IndexedDB, which all tabs of a site share. A tab owns what it has written for as long as it holds the
 * Web Lock of its name, so that one tab sends a message; where there are no Web Locks (pages without TLS), a new tab
 * adopts everything, and it is the client id that keeps a message from being there twice.
 */
export class IndexedDbStore implements OutgoingStore {
  private readonly owner = newClientId();
  private readonly database: Promise<IDBDatabase>;
  private readonly locks = (navigator as Partial<Navigator>).locks;
  private owning?: Promise<void>;
  private release: () => void = () => undefined;

  constructor() {
    this.database = open();
    // whoever uses it hears of it
    this.database.catch(() => undefined);
  }

  async put(account: string, message: StoredMessage): Promise<void> {
    await this.own();
    await this.transaction('readwrite', async (rows) => {
      const key = await done(rows.index(BY_MESSAGE).getKey([account, message.clientId]));
      await done(rows.put({ ...message, account, owner: this.owner } satisfies Row, key));
    });
  }

  async remove(account: string, clientId: string): Promise<void> {
    await this.transaction('readwrite', async (rows) => {
      const key = await done(rows.index(BY_MESSAGE).getKey([account, clientId]));
      if (key !== undefined) await done(rows.delete(key));
    });
  }

  async adopt(account: string): Promise<readonly StoredMessage[]> {
    const rows = await this.transaction('readonly', (all) =>
      done(all.index(BY_ACCOUNT).getAll(account) as IDBRequest<Row[]>),
    );
    const left = new Set(rows.map(({ owner }) => owner));
    left.delete(this.owner);
    if (left.size === 0) return [];
    await this.own();
    const adopted: StoredMessage[] = [];
    for (const owner of left) {
      const take = async (): Promise<void> => void adopted.push(...(await this.takeOver(account, owner)));
      // who gets the lock of an owner that is gone is the only one to adopt its messages
      if (this.locks)
        await this.locks.request(lockOf(owner), { ifAvailable: true }, (lock) => lock && take());
      else await take();
    }
    return adopted;
  }

  async clear(account: string): Promise<void> {
    await this.transaction('readwrite', async (rows) => {
      for (const key of await done(rows.index(BY_ACCOUNT).getAllKeys(account))) await done(rows.delete(key));
    });
  }

  close(): void {
    this.release();
    void this.database.then((database) => database.close()).catch(() => undefined);
  }

  private takeOver(account: string, owner: string): Promise<StoredMessage[]> {
    return this.transaction('readwrite', async (rows) => {
      const index = rows.index(BY_ACCOUNT);
      const [keys, values] = await Promise.all([
        done(index.getAllKeys(account)),
        done(index.getAll(account) as IDBRequest<Row[]>),
      ]);
      const taken: StoredMessage[] = [];
      for (const [i, row] of values.entries()) {
        if (row.owner !== owner) continue;
        await done(rows.put({ ...row, owner: this.owner }, keys[i]));
        const { account: _account, owner: _owner, ...message } = row;
        taken.push(message);
      }
      return taken;
    });
  }

  /** Holds the lock that says that this owner lives. */
  private own(): Promise<void> {
    this.owning ??= new Promise((resolve, reject) => {
      if (!this.locks) return resolve();
      const held = new Promise<void>((release) => (this.release = release));
      this.locks
        .request(lockOf(this.owner), () => {
          resolve();
          return held;
        })
        .catch(reject);
    });
    return this.owning;
  }

  private async transaction<T>(
    mode: IDBTransactionMode,
    work: (rows: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    const transaction = (await this.database).transaction(MESSAGES, mode, { durability: 'strict' });
    const committed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
    // an abort is told by what was being done as well
    committed.catch(() => undefined);
    const result = await work(transaction.objectStore(MESSAGES));
    await committed;
    return result;
  }
}

const lockOf = (owner: string): string => `veche outgoing ${owner}`;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const rows = request.result.createObjectStore(MESSAGES, { autoIncrement: true });
    rows.createIndex(BY_ACCOUNT, 'account');
    rows.createIndex(BY_MESSAGE, ['account', 'clientId'], { unique: true });
  };
  return done(request);
};
