import { Injectable, Logger } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type { DeleteOwnUserDto, DeleteUserDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { Guesses } from '../accounts/guesses';
import { Passwords } from '../accounts/passwords';
import { Clock } from '../clock';
import { ManagementRepository } from '../management/management.repository';
import { takesAnAdmin } from '../management/management.rules';
import { SessionsService } from '../sessions/sessions.service';
import { ExternalUsersRepository } from '../users/external-users.repository';
import { UsernamesRepository } from '../users/usernames.repository';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';
import { DeletionsRepository } from './deletions.repository';
import { DeletionsUpkeep } from './deletions.upkeep';

/** Accounts that go: from here at once, and from chat as soon as it can be told. */
@Injectable()
export class DeletionsService {
  private readonly log = new Logger('Deletions');

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly repository: DeletionsRepository,
    private readonly upkeep: DeletionsUpkeep,
    private readonly management: ManagementRepository,
    private readonly users: UsersRepository,
    private readonly external: ExternalUsersRepository,
    private readonly usernames: UsernamesRepository,
    private readonly profiles: UsersService,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly guesses: Guesses,
    private readonly clock: Clock,
  ) {}

  async deleteOwn({ password }: DeleteOwnUserDto, call: Call): Promise<void> {
    const caller = callerOf(call);
    const { userId } = caller;
    const verified = await this.users.findCredentials(userId);
    if (verified?.passwordHash === null) throw new AppError('external_account');
    const matches = await this.guesses.bySession(caller, call.clientIp, () =>
      this.passwords.matches(verified?.passwordHash, password, call.clientIp),
    );
    if (!verified || !matches) throw new AppError('invalid_credentials');
    await this.delete(userId, userId, async (tx) => {
      // the password may have been changed while it was being verified
      if (!(await this.users.lockVerified(tx, verified))) throw new AppError('invalid_credentials');
    });
  }

  async deleteOther({ id }: DeleteUserDto, call: Call): Promise<void> {
    await this.delete(id, callerOf(call).userId);
  }

  /** For the system that keeps the account. @throws AppError `user_not_found`, `last_admin`, and what `assure` throws */
  async deleteFor(
    userId: string,
    by: string,
    assure: (tx: Queries, userId: string) => Promise<void>,
  ): Promise<void> {
    await this.delete(userId, by, (tx) => assure(tx, userId));
  }

  private async delete(
    userId: string,
    by: string,
    assure: (tx: Queries) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const ended = await this.db.transaction(async (tx) => {
      await this.external.release(tx, userId, this.clock.now());
      const is = await this.management.lock(tx, userId);
      if (!is) throw new AppError('user_not_found');
      await assure(tx);
      if (takesAnAdmin(is, undefined) && (await this.management.countOtherAdmins(tx, userId)) === 0)
        throw new AppError('last_admin');
      const ended = await this.sessions.endWithin(tx, { userId }, 'account_deleted');
      await this.usernames.giveUp(tx, userId, this.profiles.nameKeptUntil());
      await this.repository.delete(tx, { userId, sessionIds: ended.map(({ id }) => id) }, this.clock.now());
      return ended;
    });
    await this.sessions.announce(ended);
    await this.profiles.announce(userId);
    this.log.log({ by, userId }, 'an account was deleted');
    this.upkeep.start();
  }
}
