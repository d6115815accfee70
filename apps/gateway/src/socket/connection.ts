import { Logger } from '@nestjs/common';
import type { UserPrincipal } from '@veche/access';
import { AppError } from '@veche/errors';
import type { Authenticator, Held } from '@veche/rpc';
import { Frames, type Receiver } from './frames';
import { tooSlow } from './socket.metrics';
import type { Transport } from './transport';

const log = new Logger('Sockets');

/** One device's connection, for as long as its session and its access token are good. */
export class Connection implements Receiver, Held {
  /** Whether it was told its rooms: before that it gets nothing. */
  ready = false;
  private who: UserPrincipal;
  private accessToken: string;
  private readonly began = performance.now();

  constructor(
    private readonly transport: Transport,
    private readonly authenticator: Authenticator,
    principal: UserPrincipal,
    token: string,
    private readonly address: string | undefined,
  ) {
    this.who = principal;
    this.accessToken = token;
    transport.begin((queuedBytes) => {
      tooSlow.inc();
      log.warn({ ...this.whose, queuedBytes }, 'closed a connection: too slow');
      transport.closeAsTooSlow();
    });
    authenticator.hold(this);
  }

  get principal(): UserPrincipal {
    return this.who;
  }

  /** For lines of the log. */
  get whose(): { readonly user: string; readonly session: string; readonly address: string | undefined } {
    const { userId: user, sessionId: session } = this.who;
    return { user, session, address: this.address };
  }

  /** In whole seconds. */
  get age(): number {
    return Math.round((performance.now() - this.began) / 1000);
  }

  get token(): string {
    return this.accessToken;
  }

  get open(): boolean {
    return this.transport.open;
  }

  write(frames: Frames): void {
    this.transport.write(frames);
  }

  /**
   * Goes on with a fresh access token of the same session.
   * @throws AppError `invalid_token` for a token of another session, and what authenticating throws
   */
  async renew(token: string): Promise<void> {
    const principal = await this.authenticator.authenticateUser(token);
    if (principal.sessionId !== this.who.sessionId || principal.userId !== this.who.userId)
      throw new AppError('invalid_token', { detail: 'The token belongs to another session' });
    if (!this.open) return;
    this.who = principal;
    this.accessToken = token;
  }

  /** Breaks it without a word of ours, so that the client comes back by itself and catches up. */
  reset(): void {
    this.transport.reset();
  }

  end({ code, data }: AppError): void {
    this.write(Frames.of('session:ended', { reason: (code === 'session_ended' && data.detail) || code }));
    this.transport.close();
  }

  /** What is left to do when it is gone, for whatever reason. */
  closed(): void {
    this.authenticator.release(this);
    this.transport.closed();
  }
}
