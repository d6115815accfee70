/** Causes may go in circles. */
const DEPTH = 5;

/**
 * Of an error what a log may keep. Its other properties may be what people wrote: a failed statement carries its
 * parameters, a violated constraint its row.
 */
export const told = (error: unknown, depth = DEPTH): object => {
  if (typeof error !== 'object' || error === null || !('message' in error))
    return { type: typeof error, message: String(error) };
  const { message, stack, code, cause } = error as NodeJS.ErrnoException;
  return {
    type: error.constructor?.name,
    message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    stack,
    ...(cause !== undefined && depth > 0 && { cause: told(cause, depth - 1) }),
  };
};
