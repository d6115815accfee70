import { gauge, histogram } from '@veche/metrics';

/** Of both bindings, where the call is answered. */
export const rpcSeconds = histogram('veche_rpc_duration_seconds', 'What answering a call took.', [
  'method',
  'code',
]);
export const rpcStreams = gauge('veche_rpc_streams', 'Streams that are open.', 'method');
