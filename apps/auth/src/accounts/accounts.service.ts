import { Injectable, Logger } from '@nestjs/common';
import { Config } from '@veche/config';
import type { ChangePasswordResponse, LoginResponse, RegisterResponse } from '@veche/contracts';
import { Database, InjectDatabase } from '@veche/database';
import type { ChangePasswordDto, LoginDto, RegisterDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { v7 as uuid } from 'uuid';
import { Clock } from '../clock';
import { loginsRefused, sessionsBegun } from '../sessions/sessions.metrics';
import { Proofs } from '../sessions/proofs';
import { type Device, SessionsService } from '../sessions/sessions.service';
import { nameKey } from '../users/user.rules';
import { isReserved } from '../users/usernames';
import { UsersRepository } from '../users/users.repository';
import { applicationOf } from './account.rules';
import { Guesses } from './guesses';
import { Passwords } from './passwords';
import { assertStrong } from './strong-password';

/** Where a password decides: making an account, logging in, changing the password. */
@Injectable()
export class AccountsService {
  private readonly log = new Logger('Accounts');
  private readonly security = new Logger('Security');

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly guesses: Guesses,
    private readonly proofs: Proofs,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async register(request: RegisterDto, call: Call): Promise<RegisterResponse> {
    if (this.config.REGISTRATION !== 'open') throw new AppError('registration_closed');
    const device = await this.deviceOf(request, call, 'register');
    assertStrong('password', request.password, [request.username, request.email]);
    await this.guesses.atRegistration(call.clientIp);
    const passwordHash = await this.passwords.hash(request.password, call.clientIp);
    const displayName = request.displayName ?? request.username;
    const { user, tokens } = await this.db.transaction(async (tx) => {
      const user = await this.users.insert(tx, {
        id: uuid(),
        username: request.username,
        email: request.email,
        passwordHash,
        displayName,
        createdAt: this.clock.now(),
        role: 'user',
      });
      // the first account is the server's keeper, who may be called so
      if (!user.isFirst && isReserved(user.username))
        throw new AppError('username_taken', { detail: 'This username is reserved' });
      return { user, tokens: await this.sessions.begin(tx, user.id, device) };
    });
    sessionsBegun.inc();
    if (user.isFirst) this.log.log(`${user.username} is the first account, and so the admin`);
    return { grant: this.sessions.grant(user, tokens) };
  }

  /**
   * No account and a wrong password have the same answer, after the same work. That an account is disabled is told
   * to those alone who know its password.
   */
  async login(request: LoginDto, call: Call): Promise<LoginResponse> {
    const device = await this.deviceOf(request, call, 'login');
    const name = nameKey(request.login.trim());
    const found = await this.users.findByLogin(name);
    const { clientIp } = call;
    const matches = await this.guesses.atLogin(
      { name, userId: found?.id, clientIp, device: device.proof?.deviceKey },
      () => this.passwords.matches(found?.passwordHash, request.password, clientIp),
    );
    if (!found || !matches) {
      // not the name that was typed, which may be a password
      loginsRefused.inc();
      this.security.warn({ address: clientIp, user: found?.id }, 'login failed');
      throw new AppError('invalid_credentials');
    }
    if (found.disabledAt) throw new AppError('account_disabled');
    const { user, tokens } = await this.db.transaction(async (tx) => {
      // it may have been disabled, or its password changed, while that was being verified
      const user = await this.users.lockVerified(tx, found);
      if (!user) throw new AppError('invalid_credentials');
      return { user, tokens: await this.sessions.begin(tx, user.id, device) };
    });
    sessionsBegun.inc();
    return { grant: this.sessions.grant(user, tokens) };
  }

  /** Ends the other sessions, and makes the refresh tokens of this one useless: one of them may be why. */
  async changePassword(
    { currentPassword, newPassword }: ChangePasswordDto,
    call: Call,
  ): Promise<ChangePasswordResponse> {
    const caller = callerOf(call);
    const { userId, sessionId } = caller;
    const verified = await this.users.findCredentials(userId);
    if (verified?.passwordHash === null) throw new AppError('external_account');
    const matches = await this.guesses.bySession(caller, call.clientIp, () =>
      this.passwords.matches(verified?.passwordHash, currentPassword, call.clientIp),
    );
    if (!verified || !matches) throw new AppError('invalid_credentials');
    const named = await this.users.find(userId);
    assertStrong('newPassword', newPassword, named ? [named.username, named.email] : []);
    const passwordHash = await this.passwords.hash(newPassword, call.clientIp);
    const { ended, tokens, user } = await this.db.transaction(async (tx) => {
      const changed = await this.users.changePassword(tx, verified, passwordHash);
      const user = changed && (await this.users.find(userId, tx));
      if (!user) throw new AppError('invalid_credentials');
      const ended = await this.sessions.endWithin(tx, { userId, but: sessionId }, 'password_changed');
      return { ended, user, tokens: await this.sessions.beginLine(tx, sessionId) };
    });
    await this.sessions.announce(ended);
    if (!tokens) throw new AppError('session_ended');
    return { grant: this.sessions.grant(user, tokens) };
  }

  private async deviceOf(
    { appId, deviceName }: Pick<LoginDto, 'appId' | 'deviceName'>,
    { clientIp, proof }: Call,
    operation: 'login' | 'register',
  ): Promise<Device> {
    const application = applicationOf(appId, this.config.APPS);
    if (application === undefined)
      throw new AppError('invalid_input', {
        errors: [{ field: 'appId', message: 'there is no such application' }],
      });
    return {
      appId: application,
      deviceName: deviceName ?? '',
      ip: clientIp ?? '',
      proof: await this.proofs.read(proof, operation),
    };
  }
}
