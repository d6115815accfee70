/** A table as it is copied. */
export interface Table {
  readonly service: 'auth' | 'chat';
  readonly name: string;
  /** Those that the database does not compute itself. */
  readonly columns: readonly string[];
  /** The primary key: rows are read in its order, and it says up to where they were. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
  /** Tables whose rows its rows refer to. */
  readonly refers: readonly string[];
}

export const nameOf = ({ service, name }: Pick<Table, 'service' | 'name'>): string => `${service}.${name}`;

/**
 * Tables in an order in which no row comes before one that it refers to.
 * @throws Error where there is none, or a table cannot be read in parts
 */
export const inOrder = (tables: readonly Table[]): Table[] => {
  const done: Table[] = [];
  let left = [...tables].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const table of left)
    if (table.key.length === 0) throw new Error(`${nameOf(table)} has no primary key: it cannot be copied`);
  while (left.length > 0) {
    const next = left.filter(({ refers }) =>
      refers.every((name) => done.some((table) => table.name === name)),
    );
    if (next.length === 0)
      throw new Error(
        `${left.map(nameOf).join(', ')} refer to each other: there is no order to copy them in`,
      );
    done.push(...next);
    left = left.filter((table) => !next.includes(table));
  }
  return done;
};
