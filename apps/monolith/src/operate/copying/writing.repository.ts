import { CLOSED } from '@veche/database';
import type { Client } from 'pg';
import type { Chunk, Done, Sequence } from './chunk';
import { connectTo, idOf, listOf, type Service, SERVICES, tablesOf, type Urls } from './reading.repository';
import { nameOf, type Table } from './tables.rules';

type Named = Pick<Table, 'service' | 'name'>;

const [SCHEMA] = CLOSED.split('.');
const PROGRESS = `${SCHEMA}.progress`;
/** Any number that no other program uses as a lock of its own. */
const TURN = 0x76_65_63_69;

/** What is in a database before anything is copied to it. */
export type Found =
  | { readonly state: 'empty' | 'in use' }
  /** Closed: something of this source has arrived, or has gone. */
  | { readonly state: 'closed'; readonly source: string; readonly why: string; readonly complete: boolean };

/** The databases of both services, as what is filled: closed to servers until everything is there. */
export class Destination {
  private constructor(private readonly clients: Readonly<Record<Service, Client>>) {}

  /** @throws Error where somebody else is filling them */
  static async open({ auth, chat }: Urls): Promise<Destination> {
    const ofChat = await connectTo(chat);
    const clients = { chat: ofChat, auth: auth === chat ? ofChat : await connectTo(auth) };
    const destination = new Destination(clients);
    for (const client of new Set([clients.chat, clients.auth])) {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
        TURN,
      ]);
      if (rows[0]?.mine) continue;
      await destination.close();
      throw new Error('another restore or move is at work there');
    }
    return destination;
  }

  async found(service: Service): Promise<Found> {
    const client = this.clients[service];
    if (await isThere(client, CLOSED)) {
      const { rows } = await client.query<{ source: string; why: string; complete: boolean }>(
        `SELECT source, why, complete FROM ${CLOSED} WHERE service = $1`,
        [service],
      );
      if (rows[0]) return { state: 'closed', ...rows[0] };
    }
    const { rows } = await client.query(
      `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') LIMIT 1`,
      [service],
    );
    return { state: rows.length > 0 ? 'in use' : 'empty' };
  }

  /** From here on no server starts on it. */
  async shut(service: Service, source: string, why: string): Promise<void> {
    await transaction(this.clients[service], async (client) => {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
      await client.query(`
        CREATE TABLE IF NOT EXISTS ${CLOSED} (
          service text PRIMARY KEY,
          source text NOT NULL,
          why text NOT NULL,
          complete boolean NOT NULL DEFAULT false
        )`);
      await client.query(`
        CREATE TABLE IF NOT EXISTS ${PROGRESS} (
          service text NOT NULL,
          name text NOT NULL,
          position text NOT NULL,
          rows bigint NOT NULL,
          PRIMARY KEY (service, name)
        )`);
      await client.query(
        `INSERT INTO ${CLOSED} (service, source, why) VALUES ($1, $2, $3)
         ON CONFLICT (service) DO UPDATE SET source = excluded.source, why = excluded.why, complete = false`,
        [service, source, why],
      );
    });
  }

  tables(): Promise<Table[]> {
    return tablesOf(this.clients);
  }

  /** How far each table is, and how many rows it has had by then. */
  async progress(): Promise<{ done: Done; rowsOf: (table: Named) => number }> {
    const known = new Map<string, { position: string; rows: number }>();
    for (const service of SERVICES) {
      if (!(await isThere(this.clients[service], PROGRESS))) continue;
      const { rows } = await this.clients[service].query<{ name: string; position: string; rows: string }>(
        `SELECT name, position, rows FROM ${PROGRESS} WHERE service = $1`,
        [service],
      );
      for (const { name, position, rows: count } of rows)
        known.set(nameOf({ service, name }), { position, rows: Number(count) });
    }
    return {
      done: (table) => known.get(nameOf(table))?.position,
      rowsOf: (table) => known.get(nameOf(table))?.rows ?? 0,
    };
  }

  /** Takes away what the migrations have put into tables that are still to be filled. */
  async clear(tables: readonly Named[]): Promise<void> {
    if (tables.length === 0) return;
    for (const service of SERVICES) {
      const own = tables.filter((table) => table.service === service);
      if (own.length > 0) await this.clients[service].query(`TRUNCATE ${own.map(idOf).join(', ')}`);
    }
  }

  /** Rows and how far they reach, together or not at all. @returns how many rows they are */
  write({ table, rows, position }: Omit<Chunk, 'count'>, columns: readonly string[]): Promise<number> {
    const names = listOf(columns);
    return transaction(this.clients[table.service], async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO ${idOf(table)} (${names}) OVERRIDING SYSTEM VALUE
         SELECT ${names} FROM json_populate_recordset(NULL::${idOf(table)}, $1::json)`,
        [rows],
      );
      await client.query(
        `INSERT INTO ${PROGRESS} AS p (service, name, position, rows) VALUES ($1, $2, $3, $4)
         ON CONFLICT (service, name) DO UPDATE SET position = excluded.position, rows = p.rows + excluded.rows`,
        [table.service, table.name, position, rowCount ?? 0],
      );
      return rowCount ?? 0;
    });
  }

  async count(table: Named): Promise<number> {
    const { rows } = await this.clients[table.service].query<{ count: string }>(
      `SELECT count(*) FROM ${idOf(table)}`,
    );
    return Number(rows[0]?.count);
  }

  async continueSequences(service: Service, sequences: readonly Sequence[]): Promise<void> {
    for (const { name, value, called } of sequences)
      await this.clients[service].query('SELECT setval($1::regclass, $2, $3)', [
        idOf({ service, name }),
        value,
        called,
      ]);
  }

  /** Says of everything that it is there; a server may start only after {@link reopen}. */
  async complete(tables: readonly Named[]): Promise<void> {
    for (const table of tables) await this.clients[table.service].query(`ANALYZE ${idOf(table)}`);
    for (const service of SERVICES)
      await this.clients[service].query(`UPDATE ${CLOSED} SET complete = true WHERE service = $1`, [service]);
  }

  /** Lets servers start, and leaves nothing of ours behind. */
  async reopen(): Promise<void> {
    for (const service of SERVICES) {
      if (!(await isThere(this.clients[service], CLOSED))) continue;
      await transaction(this.clients[service], async (client) => {
        await client.query(`DELETE FROM ${CLOSED} WHERE service = $1`, [service]);
        const { rows } = await client.query(`SELECT FROM ${CLOSED} LIMIT 1`);
        if (rows.length === 0) await client.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
      });
    }
  }

  /** How many connections servers of ours have to it. */
  async servers(): Promise<number> {
    let count = 0;
    for (const client of new Set(Object.values(this.clients))) {
      const { rows } = await client.query<{ count: string }>(
        `SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name IN ('veche-auth', 'veche-chat')`,
      );
      count += Number(rows[0]?.count);
    }
    return count;
  }

  async close(): Promise<void> {
    await Promise.all([...new Set(Object.values(this.clients))].map((client) => client.end()));
  }
}

const isThere = async (client: Client, table: string): Promise<boolean> => {
  const { rows } = await client.query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [
    table,
  ]);
  return Boolean(rows[0]?.found);
};

const transaction = async <T>(client: Client, work: (client: Client) => Promise<T>): Promise<T> => {
  await client.query('BEGIN');
  try {
    const done = await work(client);
    await client.query('COMMIT');
    return done;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};
