import { counter, gauge, histogram } from '@veche/metrics';

export const sockets = gauge('veche_sockets', 'Connections to the namespace.');
export const lookedAt = gauge('veche_rooms_looked_at', 'Rooms that some connection looks at.');
export const connected = counter(
  'veche_sockets_connected_total',
  'Connections that were let in.',
  'transport',
);
/** Why is Socket.IO's word; `client namespace disconnect` is a client that leaves, after all others it comes back. */
export const disconnected = counter('veche_sockets_disconnected_total', 'Connections that ended.', 'reason');
export const refused = counter('veche_sockets_refused_total', 'Connections that were not let in.', 'code');
export const tooSlow = counter('veche_sockets_too_slow_total', 'Connections cut because they did not read.');
export const callSeconds = histogram('veche_socket_call_duration_seconds', 'What answering a call took.', [
  'call',
  'code',
]);
export const deliveries = counter('veche_deliveries_total', 'Entries written to connections.');
export const fanOutSeconds = histogram(
  'veche_fan_out_duration_seconds',
  'What giving to connections took that chat has said in one message.',
  [],
  [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
);
export const deliverySeconds = histogram(
  'veche_delivery_lag_seconds',
  'From the commit of an entry, by the clock of the database, to this gateway hearing of it.',
);
export const streamsLost = counter('veche_delivery_streams_lost_total', 'Losses of the stream of chat.');
