import type { Authenticator } from '@veche/rpc';
import { Strategy } from 'passport';
import { bearerOf } from '../http/requests/context';

/** Takes the access token of a request to the {@link Authenticator}, which knows how to verify it. */
export class BearerStrategy extends Strategy {
  constructor(private readonly authenticator: Authenticator) {
    super();
  }

  override authenticate(request: Parameters<typeof bearerOf>[0]): void {
    const token = bearerOf(request);
    if (token === null) return this.fail(undefined);
    this.authenticator.authenticate(token).then(
      (principal) => this.success(principal),
      (error: unknown) => this.error(error),
    );
  }
}
