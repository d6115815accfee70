import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Identified } from '@veche/access';
import { Authenticator } from '@veche/rpc';
import { Strategy } from 'passport';
import { bearerOf } from '../http/requests/context';

/** Takes the access token of a request to the {@link Authenticator}, which knows how to verify it. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly authenticator: Authenticator) {
    super();
  }

  override authenticate(request: Parameters<typeof bearerOf>[0]): void {
    const token = bearerOf(request);
    if (token === null) return this.fail(undefined);
    this.validate(token).then(
      (principal) => this.success(principal),
      (error: unknown) => this.error(error),
    );
  }

  validate(token: string): Promise<Identified> {
    return this.authenticator.authenticate(token);
  }
}
