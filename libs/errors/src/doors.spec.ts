import { Metadata, status } from '@grpc/grpc-js';
import { AppError } from './app-error';
import { errorOfStatus, statusOf } from './doors';

test.each([
  [status.UNAVAILABLE, 'No connection established', 'unavailable'],
  [status.CANCELLED, 'Call cancelled', 'unavailable'],
  [status.INTERNAL, 'Received RST_STREAM with code 0 (Call ended without gRPC status)', 'unavailable'],
  [status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)', 'unavailable'],
  [status.INTERNAL, 'Error serializing response', 'internal'],
  [status.UNKNOWN, '', 'internal'],
  [status.DEADLINE_EXCEEDED, 'Deadline exceeded', 'deadline_exceeded'],
  [status.RESOURCE_EXHAUSTED, 'Received message larger than max', 'payload_too_large'],
] as const)('what gRPC itself says with %s, %s, is %s', (code, details, expected) => {
  expect(errorOfStatus({ code, details, metadata: new Metadata() }).code).toBe(expected);
});

test('what a service says is the same on the other side, whatever its status', () => {
  const { data, code } = errorOfStatus(statusOf(new AppError('rate_limited', { retryAfter: 3 })));
  expect([code, data]).toEqual(['rate_limited', { retryAfter: 3 }]);
  expect(errorOfStatus(statusOf(new AppError('internal'))).code).toBe('internal');
});
