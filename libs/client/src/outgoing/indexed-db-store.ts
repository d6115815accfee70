import { newClientId } from '../client-id';
import { done } from '../indexed-db';
import type { OutgoingStore, StoredMessage } from './store';

const DATABASE = 'veche';
const MESSAGES = 'outgoing';
const BY_ACCOUNT = 'account';
const BY_MESSAGE = 'message';
const OWNERS = 'veche outgoing';

interface Row extends StoredMessage {
  readonly account: string;
  readonly owner: string;
}

/**
 * Messages in IndexedDB, which all tabs of a site share. A tab owns what it has written for as long as it holds the
 * Web Lock of its name, so that one tab sends a message; the others wait for that lock, and who gets it adopts what is
 * left. Where there are no Web Locks (pages without TLS), a new tab adopts everything, and it is the client id that
 * keeps a message from being there twice.
 */
export class IndexedDbStore implements OutgoingStore {
  private readonly owner = newClientId();
  private readonly database: Promise<IDBDatabase>;
  private readonly locks = (navigator as Partial<Navigator>).locks;
  /** Where those who are about to keep something say their name. */
  private readonly owners = this.locks && channelOf(OWNERS);
  private owning?: Promise<void>;
  private waiting = new AbortController();
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

  async adopt(
    account: string,
    later: (left: readonly StoredMessage[]) => void,
  ): Promise<readonly StoredMessage[]> {
    const outlive = this.outliving(account, later);
    const rows = await this.transaction('readonly', (all) =>
      done(all.index(BY_ACCOUNT).getAll(account) as IDBRequest<Row[]>),
    );
    const adopted: StoredMessage[] = [];
    for (const owner of new Set(rows.map(({ owner }) => owner))) {
      if (owner === this.owner) continue;
      const take = async (): Promise<boolean> => {
        adopted.push(...(await this.takeOver(account, owner)));
        return true;
      };
      if (!this.locks) await take();
      else if (!(await this.locks.request(lockOf(owner), { ifAvailable: true }, (lock) => lock && take())))
        outlive(owner);
    }
    return adopted;
  }

  async clear(account: string): Promise<void> {
    await this.transaction('readwrite', async (rows) => {
      for (const key of await done(rows.index(BY_ACCOUNT).getAllKeys(account))) await done(rows.delete(key));
    });
  }

  close(): void {
    this.waiting.abort();
    this.owners?.close();
    this.release();
    void this.database.then((database) => database.close()).catch(() => undefined);
  }

  /** Waits from now on for the end of each owner that is named here, or by itself, and for nobody named before. */
  private outliving(
    account: string,
    later: (left: readonly StoredMessage[]) => void,
  ): (owner: string) => void {
    this.waiting.abort();
    const { signal } = (this.waiting = new AbortController());
    const named = new Set([this.owner]);
    const outlive = (owner: string): void => {
      if (named.has(owner)) return;
      named.add(owner);
      this.locks
        ?.request(lockOf(owner), { signal }, () => this.takeOver(account, owner))
        .then(later, () => undefined);
    };
    if (this.owners) this.owners.onmessage = ({ data }: MessageEvent<string>) => outlive(data);
    return outlive;
  }

  /** Only for who holds the lock of the owner: all others who wait for it find nothing any more. */
  private async takeOver(account: string, owner: string): Promise<StoredMessage[]> {
    await this.own();
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

  /** Holds the lock that says that this owner lives, and says which it is to those who may outlive it. */
  private async own(): Promise<void> {
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
    await this.owning;
    this.owners?.postMessage(this.owner);
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

/** None where the browser refuses it, as to a page whose data is blocked: then a new tab hears of nobody. */
const channelOf = (name: string): BroadcastChannel | undefined => {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
};

const lockOf = (owner: string): string => `${OWNERS} ${owner}`;

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const rows = request.result.createObjectStore(MESSAGES, { autoIncrement: true });
    rows.createIndex(BY_ACCOUNT, 'account');
    rows.createIndex(BY_MESSAGE, ['account', 'clientId'], { unique: true });
  };
  return done(request);
};
