import { AppError } from '@veche/errors';
import { refuseCalls } from '@veche/rpc';
import type { DataSource, EntityManager } from 'typeorm';

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
const OUT_OF_REACH = /^(08|57P0|53300)/;
const UNIQUE_VIOLATION = '23505';
const ATTEMPTS = 3;

const sqlState = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown; driverError?: { code?: unknown } } | null)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** The unique constraint or index that a statement ran into, by its name; undefined for every other error. */
export const violatedConstraint = (error: unknown): string | undefined =>
  sqlState(error) === UNIQUE_VIOLATION ? (error as { constraint?: string }).constraint : undefined;

const unreachable = (error: unknown): boolean => {
  const state = sqlState(error);
  if (
    state !== undefined &&
    (OUT_OF_REACH.test(state) || /^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/.test(state))
  )
    return true;
  return (
    error instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(error.message)
  );
};

const translated = (error: unknown): unknown => (unreachable(error) ? new AppError('unavailable') : error);

/** One service's database. Only repositories use it. */
export class Database implements Queries {
  constructor(readonly source: DataSource) {}

  get manager(): EntityManager {
    return this.source.manager;
  }

  /** @throws AppError `unavailable` when the database is out of reach */
  async query<T extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    try {
      return rows<T>(await this.source.query(sql, [...parameters]));
    } catch (error) {
      throw translated(error);
    }
  }

  /**
   * Runs work in one transaction, again from its beginning when PostgreSQL asks for that (deadlock,
   * serialization failure). Calls to other services are refused inside.
   * @throws AppError `unavailable` when the database is out of reach; a failed commit may have committed
   */
  async transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.source.transaction((manager) =>
          refuseCalls('an open database transaction', () =>
            work({
              manager,
              query: async <R extends Row>(sql: string, p: readonly unknown[] = []) =>
                rows<R>(await manager.query(sql, [...p])),
            }),
          ),
        );
      } catch (error) {
        const state = sqlState(error);
        if ((state === DEADLOCK || state === SERIALIZATION_FAILURE) && attempt < ATTEMPTS) continue;
        throw translated(error);
      }
    }
  }
}

/** TypeORM gives `[rows, count]` for UPDATE and DELETE, and rows for the rest. */
const rows = <T>(result: unknown): T[] => {
  if (!Array.isArray(result)) return [];
  const list = result as unknown[];
  return (list.length === 2 && Array.isArray(list[0]) && typeof list[1] === 'number' ? list[0] : list) as T[];
};
