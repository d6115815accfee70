import { counter } from '@veche/metrics';

export const rateLimited = counter(
  'veche_rate_limited_total',
  'Calls and connections refused by a limit.',
  'limit',
);
for (const limit of ['guesses', 'calls', 'unread', 'connections']) rateLimited.inc({ limit }, 0);
