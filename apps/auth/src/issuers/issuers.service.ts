import { Injectable, Logger } from '@nestjs/common';
import { Config } from '@veche/config';
import { roleText, type ValidateSessionResponse } from '@veche/contracts';
import { Database, InjectDatabase } from '@veche/database';
import type { ValidateSessionDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { issuerOf } from '@veche/tokens';
import { Clock } from '../clock';
import { ExternalAccounts } from '../external/external-accounts';
import { SessionsService } from '../sessions/sessions.service';
import type { UserRow } from '../users/user.wire';
import { UsersRepository } from '../users/users.repository';
import { Issuer, type Said } from './issuer';
import { isBefore } from './issuer.rules';
import { fetchedKeys } from './issuer-keys';

/** Tokens of others who are trusted: each stands for an account and a session of ours, made when it is first seen. */
@Injectable()
export class IssuersService {
  private readonly log = new Logger('Issuers');
  private readonly issuers: ReadonlyMap<string, Issuer>;

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly accounts: ExternalAccounts,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.issuers = new Map(
      config.TRUSTED_ISSUERS.map((trusted) => {
        const { issuer, keys } = trusted;
        const warn = (why: string): void => this.log.warn({ issuer }, `keys could not be fetched: ${why}`);
        return [
          issuer,
          new Issuer(trusted, keys.from === 'given' ? undefined : fetchedKeys(trusted, keys, warn)),
        ];
      }),
    );
  }

  /** Whose tokens are worth asking about. */
  names(): string[] {
    return [...this.issuers.keys()];
  }

  /** A session by a token, ours or that of an issuer. @throws AppError `invalid_token`, `token_expired`, `session_ended` */
  async validate(request: ValidateSessionDto): Promise<ValidateSessionResponse> {
    const issuer = this.issuers.get(issuerOf(request.accessToken) ?? '');
    if (!issuer) return this.sessions.validate(request);
    const said = await issuer.read(request.accessToken, this.clock.now());
    const { id } = await this.settle(issuer, said);
    const { user, issued } = await this.db.transaction(async (tx) => {
      const user = await this.users.holdAsIs(tx, id);
      if (!user) throw new AppError('session_ended', { detail: 'account_deleted' });
      if (user.disabled) throw new AppError('session_ended', { detail: 'account_disabled' });
      const end = await this.sessions.lastEndOf(tx, id, issuer.name);
      if (end && isBefore(said, end.endedAt)) throw new AppError('session_ended', { detail: end.endReason });
      return { user, issued: await this.sessions.issue(tx, id, issuer.name, said.expiresAt) };
    });
    await this.sessions.announce(issued.ended);
    return {
      sessionId: issued.session.id,
      userId: user.id,
      role: roleText.value(user.role),
      appId: issued.session.appId,
      expiresAt: said.expiresAt,
    };
  }

  private settle(issuer: Issuer, said: Said): Promise<UserRow> {
    const { externalId, profile, called } = said;
    return this.accounts.settle({ namespace: issuer.name, externalId }, profile, {
      by: `issuer ${issuer.name}`,
      remembers: true,
      called,
      admit: () => undefined,
      admitAgain: (goneAt) => {
        if (isBefore(said, goneAt)) throw new AppError('session_ended', { detail: 'account_deleted' });
      },
    });
  }
}
