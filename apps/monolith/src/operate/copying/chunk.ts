import type { Table } from './tables.rules';

/** Rows of one table that are read, written and counted together: about a megabyte. */
export interface Chunk {
  readonly table: Pick<Table, 'service' | 'name'>;
  /** A JSON array with an object for each row, as PostgreSQL wrote it and will read it: never parsed on the way. */
  readonly rows: string;
  readonly count: number;
  /** Where its source goes on after it, in words of that source. */
  readonly position: string;
}

/** How far a table was copied before: a {@link Chunk.position}. */
export type Done = (table: Pick<Table, 'service' | 'name'>) => string | undefined;

/** What each sequence of a service would give next. */
export interface Sequence {
  readonly name: string;
  readonly value: string;
  readonly called: boolean;
}
