import { VecheError } from '@veche/client';

/** What scripts tell failures apart by. */
export const EXIT = { failed: 1, usage: 2, notSignedIn: 3, notFound: 4, refused: 5, unreachable: 6 } as const;

/** Something that a person can do something about. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    readonly code = 'failed',
  ) {
    super(message);
  }
}

const SIGN_IN = 'Nobody is signed in here. Run: veche login';

/** Whatever was thrown, as a sentence and an exit code. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  if (!(error instanceof VecheError))
    return new Failure(error instanceof Error ? error.message : String(error));
  const fields = error.errors.map(({ field, message }) => `${field}: ${message}`).join('\n');
  const text = fields || error.message;
  switch (error.code) {
    case 'unauthenticated':
    case 'invalid_token':
    case 'invalid_proof':
    case 'token_expired':
    case 'session_ended':
      return new Failure(SIGN_IN, EXIT.notSignedIn, error.code);
    case 'unreachable':
    case 'unavailable':
    case 'overloaded':
    case 'deadline_exceeded':
      return new Failure(text, EXIT.unreachable, error.code);
    case 'user_not_found':
    case 'room_not_found':
    case 'not_found':
      return new Failure(text, EXIT.notFound, error.code);
    case 'invalid_credentials':
    case 'forbidden':
    case 'not_a_member':
    case 'registration_closed':
    case 'account_disabled':
      return new Failure(text, EXIT.refused, error.code);
    default:
      return new Failure(text, EXIT.failed, error.code);
  }
};
