import { counter, histogram, watched } from '@veche/metrics';

export const connections = watched(
  'veche_database_connections',
  'Connections of the pool.',
  'database',
  'state',
);
export const waiting = watched(
  'veche_database_waiting',
  'Queries and transactions that wait for a connection.',
  'database',
);
export const waitSeconds = histogram(
  'veche_database_wait_seconds',
  'How long a query or a transaction waited for a connection.',
  ['database'],
);
export const useSeconds = histogram(
  'veche_database_use_seconds',
  'How long a query or a transaction had a connection.',
  ['database'],
);
/** The code is PostgreSQL's SQLSTATE class, or `connection`. */
export const failures = counter(
  'veche_database_failures_total',
  'Queries and transactions that failed.',
  'database',
  'class',
);
