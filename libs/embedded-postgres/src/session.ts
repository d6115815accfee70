import { closeStatement, cString, message, query, SYNC, type TransactionStatus } from './protocol';

/** Messages that are run without a pause: up to a Sync, a simple query or a Flush. */
export interface Batch {
  readonly bytes: Buffer;
  /** It ended in a Flush: the client has more to say before anybody else may. */
  readonly flush: boolean;
}

const ENDS_BATCH = new Set(['Q', 'S', 'H', 'F']);
/** Rows of a COPY that was refused, sent before the client knew. */
const COPY_DATA = new Set(['d', 'c', 'f']);
const STATEMENT = 'S'.charCodeAt(0);

/**
 * What one backend cannot do for many clients: it would look for a COPY's rows where there are none and end, and
 * notifications would reach whoever comes next. The server itself is made to refuse, so that it also fails the
 * transaction.
 */
const UNSUPPORTED = /(^|;)\s*(copy\b[^;]*\bfrom\s+stdin\b|listen\b)/i;
const REFUSAL = `DO $$ BEGIN RAISE feature_not_supported
  USING MESSAGE = 'the embedded database has no LISTEN and no COPY FROM STDIN'; END $$`;

/** What one client has of the backend: batches that wait, a transaction, prepared statements of its own. */
export class Session {
  private readonly batches: Batch[] = [];
  private unfinished: Buffer[] = [];
  /** The client's name of a prepared statement → its name in the backend, where all clients share one list. */
  private readonly statements = new Map<string, string>();
  private status: TransactionStatus = 'I';
  private midway = false;

  /** @param id unlike that of any other session */
  constructor(private readonly id: number) {}

  /** Takes a message of the client. */
  add(bytes: Buffer): void {
    const type = String.fromCharCode(bytes[0] ?? 0);
    if (COPY_DATA.has(type)) return;
    this.unfinished.push(this.adapted(type, bytes));
    if (!ENDS_BATCH.has(type)) return;
    this.batches.push({ bytes: Buffer.concat(this.unfinished), flush: type === 'H' });
    this.unfinished = [];
  }

  get hasBatch(): boolean {
    return this.batches.length > 0;
  }

  take(): Batch | undefined {
    return this.batches.shift();
  }

  /** @param status what the backend said after a batch; nothing after a Flush */
  ran(status: TransactionStatus | undefined): void {
    this.midway = status === undefined;
    this.status = status ?? this.status;
  }

  /** Whether nobody else may use the backend before this session has gone on. */
  get holdsBackend(): boolean {
    return this.midway || this.status !== 'I';
  }

  /** What takes back all that this session has in the backend, to be run one after the other. */
  farewell(): Buffer[] {
    const statements = [...this.statements.values()].map(closeStatement);
    return [
      ...(this.midway ? [SYNC] : []),
      ...(this.holdsBackend ? [query('ROLLBACK')] : []),
      ...(statements.length > 0 ? [Buffer.concat([...statements, SYNC])] : []),
    ];
  }

  private adapted(type: string, bytes: Buffer): Buffer {
    switch (type) {
      case 'Q':
        return UNSUPPORTED.test(bytes.toString('utf8', 5)) ? query(REFUSAL) : bytes;
      case 'P': {
        const sql = bytes.indexOf(0, 5) + 1;
        if (UNSUPPORTED.test(bytes.toString('utf8', sql)))
          return message('P', cString(''), cString(REFUSAL), Buffer.alloc(2));
        return this.renamed(bytes, 5);
      }
      case 'B':
        return this.renamed(bytes, bytes.indexOf(0, 5) + 1);
      case 'D':
      case 'C':
        return bytes[5] === STATEMENT ? this.renamed(bytes, 6) : bytes;
      default:
        return bytes;
    }
  }

  /** The message with the statement's name, which begins at an offset, replaced by one that no other session has. */
  private renamed(bytes: Buffer, at: number): Buffer {
    const end = bytes.indexOf(0, at);
    if (end === at) return bytes; // the unnamed one is prepared anew in each batch
    const name = bytes.toString('utf8', at, end);
    let alias = this.statements.get(name);
    if (!alias) this.statements.set(name, (alias = `${this.id}_${this.statements.size}`));
    const type = String.fromCharCode(bytes[0] ?? 0);
    return message(type, bytes.subarray(5, at), Buffer.from(alias), bytes.subarray(end));
  }
}
