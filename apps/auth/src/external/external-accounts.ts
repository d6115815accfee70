import type { RoleName } from '@veche/access';
import { Injectable, Logger } from '@nestjs/common';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import { AppError } from '@veche/errors';
import { randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { Clock } from '../clock';
import { ManagementRepository } from '../management/management.repository';
import { takesAnAdmin } from '../management/management.rules';
import { derivedUsername, differing, type ExternalProfile } from '../users/external-user.rules';
import { type ExternalRef, ExternalUsersRepository } from '../users/external-users.repository';
import type { UserRow } from '../users/user.wire';
import { nameKey } from '../users/user.rules';
import { isReserved } from '../users/usernames';
import { UsersRepository } from '../users/users.repository';
import { UsersService } from '../users/users.service';

/** How often another username is tried; each has a hundred thousand to choose from. */
const TURNS = 8;

export type SaidOf = ExternalProfile & { readonly role?: RoleName | undefined };

/** How what another system says is to be taken. */
export interface Terms {
  /** Who says it, for the log. */
  readonly by: string;
  /** Whether what was said before is remembered, so that what has changed here since stays. */
  readonly remembers: boolean;
  /** What a username is made of where none is asked for; the display name unless told. */
  readonly called?: string | undefined;
  /** Before anything is done with an account that is there. @throws AppError where it may not be */
  readonly admit: (role: RoleName) => void;
  /** Before an account is made anew of somebody whose account went. @throws AppError */
  readonly admitAgain?: (goneAt: Date) => void;
}

/** Accounts that another system keeps. */
@Injectable()
export class ExternalAccounts {
  private readonly log = new Logger('External');

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly external: ExternalUsersRepository,
    private readonly management: ManagementRepository,
    private readonly users: UsersRepository,
    private readonly profiles: UsersService,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes an account as it is said to be, or changes what is there. Who says so twice, or at once with another, has one account.
   * @throws AppError `username_taken` for a username that was asked for, `last_admin`, and what the terms throw
   */
  async settle(who: ExternalRef, said: SaidOf, terms: Terms): Promise<UserRow> {
    for (let turn = 0; ; turn++) {
      try {
        const { user, isChanged } = await this.db.transaction((tx) => this.once(tx, who, said, terms, turn));
        if (isChanged) await this.profiles.announce(user.id);
        return user;
      } catch (error) {
        const isDerived = said.username === undefined && turn < TURNS;
        if (!isDerived || !(error instanceof AppError) || error.code !== 'username_taken') throw error;
      }
    }
  }

  private async once(
    tx: Queries,
    who: ExternalRef,
    said: SaidOf,
    terms: Terms,
    turn: number,
  ): Promise<{ user: UserRow; isChanged: boolean }> {
    const held = await this.external.hold(tx, who);
    if (held.userId === null) {
      if (held.goneAt) terms.admitAgain?.(held.goneAt);
      const user = await this.make(tx, said, terms.called ?? said.displayName ?? '', turn);
      await this.external.bind(tx, who, user.id, terms.remembers ? said : null);
      this.log.log({ by: terms.by, userId: user.id }, 'an account was made');
      return { user, isChanged: false };
    }
    const powers = await this.management.lock(tx, held.userId);
    const user = await this.users.find(held.userId, tx);
    if (!powers || !user) throw new AppError('user_not_found');
    terms.admit(user.role);
    const news = differing(said, held.told ?? {});
    const changes = differing(terms.remembers ? news : said, user);
    if (terms.remembers && Object.keys(news).length > 0)
      await this.external.bind(tx, who, user.id, { ...held.told, ...news });
    if (Object.keys(changes).length === 0) return { user, isChanged: false };
    const { username, role } = changes;
    if (username !== undefined && nameKey(username) !== nameKey(user.username)) refuseReserved(username);
    const becomes = { ...powers, role: role ?? powers.role };
    if (takesAnAdmin(powers, becomes) && (await this.management.countOtherAdmins(tx, user.id)) === 0)
      throw new AppError('last_admin');
    const changed = await this.profiles.change(tx, user.id, changes);
    this.log.log({ by: terms.by, userId: user.id, changed: Object.keys(changes) }, 'an account was changed');
    return { user: changed ?? user, isChanged: true };
  }

  private async make(tx: Queries, said: SaidOf, called: string, turn: number): Promise<UserRow> {
    const { displayName, username, email, bio, role = 'user' } = said;
    if (username !== undefined) refuseReserved(username);
    const random = String(randomInt(10_000, 100_000));
    const name = username ?? derivedUsername(called, turn, random, isReserved);
    const user = await this.users.insert(tx, {
      id: uuid(),
      username: name,
      email: email ?? null,
      passwordHash: null,
      displayName: displayName ?? name,
      createdAt: this.clock.now(),
      role,
    });
    return bio ? ((await this.profiles.change(tx, user.id, { bio })) ?? user) : user;
  }
}

/** What speaks for the server is given by its keepers alone. */
const refuseReserved = (username: string): void => {
  if (isReserved(username)) throw new AppError('username_taken', { detail: 'This username is reserved' });
};
