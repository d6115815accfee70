import { AppError } from '@veche/errors';

/** What a client of the plain WebSocket asks for. */
export interface PlainCall {
  readonly call: string;
  readonly payload: unknown;
  /** Without it there is no answer. */
  readonly id: number | undefined;
  readonly traceparent?: unknown;
}

/**
 * Reads a frame: `{"id": 1, "call": "message:send", "data": {…}}`.
 * @throws AppError `invalid_input` where it is no call
 */
export const plainCallOf = (text: string): PlainCall => {
  const { id, call, data, traceparent } = parsed(text);
  if (typeof call !== 'string') throw noCall('call must be the name of a call');
  if (id !== undefined && !(Number.isSafeInteger(id) && Number(id) >= 0))
    throw noCall('id must be a whole number, 0 or more');
  return { call, payload: data, id: id as number | undefined, traceparent };
};

const parsed = (text: string): Record<string, unknown> => {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    throw noCall('A frame must be JSON');
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame))
    throw noCall('A frame must be an object');
  return frame as Record<string, unknown>;
};

const noCall = (detail: string): AppError => new AppError('invalid_input', { detail });
