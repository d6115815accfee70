import { histogram } from '@veche/metrics';

/** A route is its pattern, so that there are as many as the code has. */
export const httpSeconds = histogram(
  'veche_http_request_duration_seconds',
  'What answering a request took.',
  ['method', 'route', 'code'],
);
