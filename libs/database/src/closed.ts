import type { Database } from './database';

/**
 * Where a database says that no server may work with it, and why: what is in it has only arrived in part, or has gone
 * to another place. `veche restore` and `veche move` write it.
 */
export const CLOSED = 'veche_transit.closed';

/** @throws Error with the reason, where the tables of a service are closed */
export const requireOpen = async (database: Database, service: string): Promise<void> => {
  const [there] = await database.query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [
    CLOSED,
  ]);
  if (!there?.found) return;
  const [closed] = await database.query<{ why: string }>(`SELECT why FROM ${CLOSED} WHERE service = $1`, [
    service,
  ]);
  if (closed) throw new Error(closed.why);
};
