import { counter, histogram, watched } from '@veche/metrics';

export const published = counter('veche_bus_published_total', 'Messages handed to the bus.', 'result');
export const received = counter('veche_bus_received_total', 'Messages heard from the bus.');
export const gaps = counter('veche_bus_gaps_total', 'Moments at which messages may have been lost.');
export const strange = counter('veche_bus_strange_total', 'Messages on our channels that are not ours.');
export const lagSeconds = histogram(
  'veche_bus_lag_seconds',
  'From publishing a message to hearing it oneself; one message at a time is watched.',
);
export const behind = watched(
  'veche_bus_behind_messages',
  'Messages that lie in partitions of Kafka that this process reads, and that it has not read yet.',
);
