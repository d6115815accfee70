import { Client } from 'pg';
import type { Chunk, Done, Sequence } from './chunk';
import { inOrder, type Table } from './tables.rules';

export const SERVICES = ['chat', 'auth'] as const;
export type Service = (typeof SERVICES)[number];

const CHUNK_BYTES = 1024 * 1024;
const FIRST_ROWS = 500;
const MOST_ROWS = 5_000;
/**
 * Two databases are read as they were at two moments, and this is the most that may lie between them: auth tells chat
 * of a deleted account for the last time a minute after the first.
 */
const MOST_APART_MS = 20_000;

/** All tables but the list of migrations, which is made by them. */
const TABLES = `
  SELECT c.relname AS name,
    (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
    (SELECT coalesce(json_agg(
        json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY k.n), '[]')
     FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n)
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
    (SELECT coalesce(json_agg(DISTINCT f.relname), '[]') FROM pg_constraint r JOIN pg_class f ON f.oid = r.confrelid
     WHERE r.conrelid = c.oid AND r.contype = 'f') AS refers
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'migrations'`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const idOf = ({ service, name }: Pick<Table, 'service' | 'name'>): string =>
  `${quoted(service)}.${quoted(name)}`;
export const listOf = (names: readonly string[]): string => names.map(quoted).join(', ');

/** A connection of its own, without the bounds that a server sets its statements. */
export const connectTo = async (url: string): Promise<Client> => {
  const client = new Client({
    connectionString: url,
    application_name: 'veche-operate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // it shows with the next query
  client.on('error', () => undefined);
  await client.connect();
  // values are written in the same way whatever a role, a database or a server is set to
  await client.query(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0;
    SET bytea_output = 'hex'; SET intervalstyle = 'postgres'; SET datestyle = 'ISO'; SET extra_float_digits = 1;
    SET timezone = 'UTC'`);
  return client;
};

/** Those of both services, in an order in which they can be filled. */
export const tablesOf = async (clients: Readonly<Record<Service, Client>>): Promise<Table[]> => {
  const tables: Table[] = [];
  for (const service of SERVICES) {
    const { rows } = await clients[service].query<Omit<Table, 'service'>>(TABLES, [service]);
    tables.push(...inOrder(rows.map((row) => ({ ...row, service }))));
  }
  return tables;
};

export interface Urls {
  readonly auth: string;
  readonly chat: string;
}

/** The databases of both services as they were at one moment, however long it takes to read them. */
export class Snapshot {
  private constructor(private readonly clients: Readonly<Record<Service, Client>>) {}

  /**
   * One transaction where both have one URL, one snapshot where they are in one database under two URLs. Where they are
   * in two, chat's is taken first: whoever is named in it then has an account in auth's, or a note there that chat
   * is still to forget them.
   * @param changes whether anybody may write meanwhile; the embedded database has one session, and is read by us alone
   */
  static async open({ auth, chat }: Urls, changes: boolean): Promise<Snapshot> {
    const clients: Client[] = [];
    const connect = async (url: string): Promise<Client> => {
      const client = await connectTo(url);
      clients.push(client);
      return client;
    };
    try {
      const ofChat = await connect(chat);
      if (!changes) return new Snapshot({ chat: ofChat, auth: auth === chat ? ofChat : await connect(auth) });
      const ofAuth = auth === chat ? ofChat : await connect(auth);
      const begun = performance.now();
      await ofChat.query(BEGIN);
      const exported = await ofChat.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
      if (ofAuth !== ofChat) await adopt(ofAuth, exported.rows[0]?.id ?? '');
      if (performance.now() - begun > MOST_APART_MS)
        throw new Error(
          'the two databases answer too slowly to be read as they were at one moment: try again',
        );
      return new Snapshot({ chat: ofChat, auth: ofAuth });
    } catch (error) {
      await Promise.all(clients.map((client) => client.end()));
      throw error;
    }
  }

  tables(): Promise<Table[]> {
    return tablesOf(this.clients);
  }

  /** The names of the migrations that made its tables; none where there are no tables. */
  async migrations(service: Service): Promise<string[]> {
    const client = this.clients[service];
    const there = await client.query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [
      `${service}.migrations`,
    ]);
    if (!there.rows[0]?.found) return [];
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM ${quoted(service)}.migrations ORDER BY id`,
    );
    return rows.map(({ name }) => name);
  }

  async count(table: Table): Promise<number> {
    const { rows } = await this.clients[table.service].query<{ count: string }>(
      `SELECT count(*) FROM ${idOf(table)}`,
    );
    return Number(rows[0]?.count);
  }

  /** A table in chunks, in the order of its key, from where it was left. */
  async *chunks(table: Table, done: Done): AsyncGenerator<Chunk> {
    const { key } = table;
    const order = key.map(({ name }) => quoted(name));
    const after = `WHERE (${order.join(', ')}) > (${key.map(({ type }, i) => `$${i + 2}::${type}`).join(', ')})`;
    const sql = (where: string): string => `
      WITH page AS MATERIALIZED (
        SELECT ${listOf([...new Set([...table.columns, ...key.map(({ name }) => name)])])}
        FROM ${idOf(table)} ${where} ORDER BY ${order.join(', ')} LIMIT $1)
      SELECT count(*)::int AS count, '[' || string_agg(row_to_json(page)::text, E',\\n') || ']' AS rows,
        (SELECT json_build_array(${order.map((name) => `${name}::text`).join(', ')})::text FROM page
         ORDER BY ${order.map((name) => `${name} DESC`).join(', ')} LIMIT 1) AS position
      FROM page`;
    let at = done(table);
    for (let limit = FIRST_ROWS; ;) {
      const { rows } = await this.clients[table.service].query<{
        count: number;
        rows: string | null;
        position: string;
      }>(sql(at === undefined ? '' : after), [
        limit,
        ...(at === undefined ? [] : (JSON.parse(at) as string[])),
      ]);
      const [page] = rows;
      if (!page?.rows) return;
      yield { table, rows: page.rows, count: page.count, position: page.position };
      if (page.count < limit) return;
      at = page.position;
      // rows of one table are much alike: what a page weighs is as good as the same
      limit = Math.min(MOST_ROWS, Math.max(1, Math.floor((limit * CHUNK_BYTES) / page.rows.length)));
    }
  }

  /** As they are now, and so never behind a row that was read. */
  async sequences(service: Service): Promise<Sequence[]> {
    const client = this.clients[service];
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relkind = 'S' AND c.relname NOT LIKE 'migrations\\_%' ORDER BY 1`,
      [service],
    );
    const sequences: Sequence[] = [];
    for (const { name } of rows) {
      const state = await client.query<{ value: string; called: boolean }>(
        `SELECT last_value::text AS value, is_called AS called FROM ${idOf({ service, name })}`,
      );
      if (state.rows[0]) sequences.push({ name, ...state.rows[0] });
    }
    return sequences;
  }

  async close(): Promise<void> {
    await Promise.all([...new Set(Object.values(this.clients))].map((client) => client.end()));
  }
}

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** Sees what another connection sees, where it is one to the same database; what is there now where it is not. */
const adopt = async (client: Client, snapshot: string): Promise<void> => {
  await client.query(BEGIN);
  try {
    await client.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
  } catch {
    await client.query(`ROLLBACK; ${BEGIN}`);
    await client.query('SELECT');
  }
};
