import { AppError } from '@veche/errors';
import { secondsSince } from '@veche/metrics';
import { refuseCalls } from '@veche/rpc';
import { childSpan, ending, inSpan, tracer } from '@veche/telemetry';
import type { Pool, PoolClient } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { connections, failures, useSeconds, waiting, waitSeconds } from './database.metrics';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a query returns is its writer's promise
export type Row = Record<string, any>;

/** What repositories are given: the database itself, or an open transaction on it. */
export interface Queries {
  /** Runs SQL with `$1…` parameters and gives the rows. */
  query<T extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
  /** TypeORM's manager, for what it says better than SQL. */
  readonly manager: EntityManager;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const QUERY_CANCELED = '57014';
const UNIQUE_VIOLATION = '23505';
/** Connections that fail; a server that goes down, lacks room, has a bad disk, or only reads: it was a primary once. */
const OUT_OF_REACH = /^(08|25006|53|57P0|58|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/;
/** What `pg` says about a connection without a code. */
const NO_CONNECTION = /Connection terminated|timeout exceeded when trying to connect|not queryable/;
/** Data exceptions, integrity constraints, program limits. */
const REFUSED_DATA = /^(22|23|54)/;
const ATTEMPTS = 3;
/** Beyond the server's own statement_timeout: it has vanished without a word. */
const PATIENCE_MS = 20_000;
/** A statement alone is short; its caller would not wait for much longer. */
const STATEMENT_MS = 5_000;
/** How long a connection that is suspected to be lost may take to answer. */
const PROBE_MS = 1_000;

const sqlState = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** The unique constraint or index that a statement ran into, by its name; undefined for every other error. */
export const violatedConstraint = (error: unknown): string | undefined =>
  sqlState(error) === UNIQUE_VIOLATION ? (error as { constraint?: string }).constraint : undefined;

/** Whether the database would not take the data it was given, rather than have a problem of its own. */
export const refusedData = (error: unknown): boolean => REFUSED_DATA.test(sqlState(error));

const translated = (error: unknown): unknown => {
  if (sqlState(error) === QUERY_CANCELED) return new AppError('overloaded');
  const outOfReach =
    OUT_OF_REACH.test(sqlState(error)) || (error instanceof Error && NO_CONNECTION.test(error.message));
  return outOfReach ? new AppError('unavailable') : error;
};

/** One service's database. Only repositories use it. */
export class Database implements Queries {
  /**
   * @param patienceMs how long the server may keep a connection waiting before it counts as lost
   * @param sessions how many statements the server works on at the same time for this process
   */
  constructor(
    readonly source: DataSource,
    private readonly patienceMs = PATIENCE_MS,
    readonly sessions = 1,
  ) {}

  /** Measures the pool until the answer is called. */
  watch(): () => void {
    const { database } = this;
    const ends = [
      connections.watch({ database, state: 'busy' }, () =>
        this.pool ? this.pool.totalCount - this.pool.idleCount : 0,
      ),
      connections.watch({ database, state: 'idle' }, () => this.pool?.idleCount ?? 0),
      waiting.watch({ database }, () => this.pool?.waitingCount ?? 0),
    ];
    return () => ends.forEach((end) => end());
  }

  /** How many connections the pool has at most. */
  get connections(): number {
    return (this.source.options as { poolSize?: number }).poolSize ?? 1;
  }

  get manager(): EntityManager {
    return this.source.manager;
  }

  /**
   * @throws AppError `unavailable` when the database is out of reach, `overloaded` when it took longer than it may
   */
  query<T extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    const run = async (runner: QueryRunner): Promise<T[]> =>
      rows<T>(await runner.query(sql, [...parameters]));
    const patienceMs = Math.min(this.patienceMs, STATEMENT_MS);
    return tracer
      ? this.traced('query', () => this.connected(run, patienceMs), sql)
      : this.connected(run, patienceMs);
  }

  /**
   * Runs work in one transaction, again from its beginning when PostgreSQL asks for that (deadlock,
   * serialization failure). Calls to other services are refused inside.
   * @param patienceMs for work that is known to be short: how long it may take before the connection counts as lost
   * @throws AppError `unavailable` when the database is out of reach, and then a commit may have happened all the
   *   same; `overloaded` when it took longer than it may
   */
  transaction<T>(work: (tx: Queries) => Promise<T>, patienceMs = this.patienceMs): Promise<T> {
    return tracer
      ? this.traced('transaction', () => this.tried(work, patienceMs))
      : this.tried(work, patienceMs);
  }

  private async tried<T>(work: (tx: Queries) => Promise<T>, patienceMs: number): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.connected((runner) => inTransaction(runner, work), patienceMs);
      } catch (error) {
        const state = sqlState(error);
        if ((state === DEADLOCK || state === SERIALIZATION_FAILURE) && attempt < ATTEMPTS) continue;
        throw error;
      }
    }
  }

  /** @param sql with its values in parameters: what people wrote stands in none of it */
  private traced<T>(name: string, work: () => Promise<T>, sql?: string): Promise<T> {
    const { database } = this;
    const span = childSpan(`${name} ${database}`, {
      kind: 'client',
      attributes: {
        'db.system.name': 'postgresql',
        'db.namespace': database,
        ...(sql !== undefined && { 'db.query.text': sql.replace(/\s+/g, ' ') }),
      },
    });
    return span ? ending(span, inSpan(span, work)) : work();
  }

  /** @throws Error that says in words why nothing can be done with the database now */
  async assertUsable(): Promise<void> {
    const { migrations, options } = this.source;
    const { schema } = options as { schema?: string };
    const applied = await this.query<{ name: string }>(`SELECT name FROM "${schema}".migrations`).catch(
      (error) => {
        throw new Error('the database is out of reach', { cause: error });
      },
    );
    const there = new Set(applied.map(({ name }) => name));
    const ours = new Set(migrations.map(({ name, constructor }) => name ?? constructor.name));
    if ([...ours].some((name) => !there.has(name))) throw new Error('its tables are older than this version');
    if ([...there].some((name) => !ours.has(name))) throw new Error('its tables are newer than this version');
  }

  private async connected<T>(work: (runner: QueryRunner) => Promise<T>, patienceMs: number): Promise<T> {
    const { database } = this;
    const asked = performance.now();
    let begun: number | undefined;
    const runner = this.source.createQueryRunner();
    let timer: NodeJS.Timeout | undefined;
    let lost = false;
    const lose = (): void => {
      lost = true;
    };
    let client: PoolClient | undefined;
    try {
      client = (await runner.connect()) as PoolClient;
      begun = performance.now();
      waitSeconds.observe({ database }, (begun - asked) / 1000);
      client.on('error', lose);
      timer = setTimeout(() => {
        void client?.end();
        this.probeIdle();
      }, patienceMs);
      return await work(runner);
    } catch (error) {
      failures.inc({ database, class: sqlState(error).slice(0, 2) || (lost ? 'connection' : 'other') });
      // whatever it looks like: TypeORM gives a lost connection back, and complains that it is gone
      throw lost ? new AppError('unavailable') : translated(error);
    } finally {
      clearTimeout(timer);
      client?.off('error', lose);
      if (begun !== undefined) useSeconds.observe({ database }, secondsSince(begun));
      await runner.release();
    }
  }

  /** Where one connection has fallen silent, the others probably have too: whoever comes next must not wait for each. */
  private probeIdle(): void {
    const { pool } = this;
    for (let left = pool?.idleCount ?? 0; left > 0; left--) void pool?.connect().then(probe, () => undefined);
  }

  private get pool(): Pool | undefined {
    return (this.source.driver as { master?: Pool }).master;
  }

  private get database(): string {
    return (this.source.options as { schema?: string }).schema ?? '';
  }
}

const probe = async (client: PoolClient): Promise<void> => {
  const timer = setTimeout(() => void client.end(), PROBE_MS);
  const lost = await client.query('SELECT 1').then(
    () => false,
    () => true,
  );
  clearTimeout(timer);
  client.release(lost);
};

const inTransaction = async <T>(runner: QueryRunner, work: (tx: Queries) => Promise<T>): Promise<T> => {
  await runner.startTransaction();
  try {
    const result = await refuseCalls('an open database transaction', () =>
      work({
        manager: runner.manager,
        query: async <R extends Row>(sql: string, parameters: readonly unknown[] = []) =>
          rows<R>(await runner.query(sql, [...parameters])),
      }),
    );
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // fails where the connection is lost, and then there is nothing to roll back
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
};

/** TypeORM gives `[rows, count]` for UPDATE and DELETE, and rows for the rest. */
const rows = <T>(result: unknown): T[] => {
  if (!Array.isArray(result)) return [];
  const list = result as unknown[];
  return (list.length === 2 && Array.isArray(list[0]) && typeof list[1] === 'number' ? list[0] : list) as T[];
};
