import { Injectable, Logger } from '@nestjs/common';
import { reaches, type RoleName } from '@veche/access';
import { type IssueExternalTokenResponse, roleText, type UpsertExternalUserResponse } from '@veche/contracts';
import { Database, InjectDatabase, type Queries } from '@veche/database';
import type {
  DeleteExternalUserDto,
  EndExternalSessionsDto,
  IssueExternalTokenDto,
  UpsertExternalUserDto,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, keyOf } from '@veche/rpc';
import { DeletionsService } from '../deletion/deletions.service';
import { SessionsService } from '../sessions/sessions.service';
import { type ExternalRef, ExternalUsersRepository } from '../users/external-users.repository';
import { toUser, type UserRow } from '../users/user.wire';
import { UsersRepository } from '../users/users.repository';
import { ExternalAccounts } from './external-accounts';

/** All keys share one namespace: a key is replaced, and the users stay. */
const OF_KEYS = '';

/** Users of another product, for its servers. */
@Injectable()
export class ExternalUsersService {
  private readonly log = new Logger('External');

  constructor(
    @InjectDatabase('auth') private readonly db: Database,
    private readonly external: ExternalUsersRepository,
    private readonly accounts: ExternalAccounts,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly deletions: DeletionsService,
  ) {}

  async upsert(request: UpsertExternalUserDto, call: Call): Promise<UpsertExternalUserResponse> {
    const admit = this.reachOf(call);
    const { displayName, username, email, bio } = request;
    const role = request.role && roleText.word(request.role);
    admit(role ?? 'user');
    const user = await this.accounts.settle(
      refOf(request),
      { displayName, username, email, bio, role },
      { by: `key ${keyOf(call).keyId}`, remembers: false, admit },
    );
    return { user: toUser(user) };
  }

  async issueToken(request: IssueExternalTokenDto, call: Call): Promise<IssueExternalTokenResponse> {
    const admit = this.reachOf(call);
    const { user, issued } = await this.db.transaction(async (tx) => {
      const user = await this.find(tx, refOf(request));
      admit(user.role);
      if (user.disabled) throw new AppError('account_disabled');
      return { user, issued: await this.sessions.issue(tx, user.id, OF_KEYS) };
    });
    await this.sessions.announce(issued.ended);
    return { ...this.sessions.accessToken(user.id, issued.session), userId: user.id };
  }

  async endSessions(request: EndExternalSessionsDto, call: Call): Promise<void> {
    const admit = this.reachOf(call);
    const ended = await this.db.transaction(async (tx) => {
      const { id: userId, role } = await this.find(tx, refOf(request));
      admit(role);
      return this.sessions.endWithin(tx, { userId }, 'ended');
    });
    await this.sessions.announce(ended);
    this.log.log({ by: `key ${keyOf(call).keyId}`, ended: ended.length }, 'sessions were ended');
  }

  async delete(request: DeleteExternalUserDto, call: Call): Promise<void> {
    const admit = this.reachOf(call);
    const found = await this.external.find(this.db, refOf(request));
    if (!found?.userId) return;
    await this.deletions
      .deleteFor(found.userId, `key ${keyOf(call).keyId}`, async (tx, userId) => {
        const user = await this.users.find(userId, tx);
        if (user) admit(user.role);
      })
      .catch((error: unknown) => {
        // somebody else was faster
        if (!(error instanceof AppError) || error.code !== 'user_not_found') throw error;
      });
  }

  /** What a key may not do with an account, and a role that it may not give. */
  private reachOf(call: Call): (role: RoleName) => void {
    const { scopes } = keyOf(call);
    return (role) => {
      if (!reaches(scopes, role))
        throw new AppError('forbidden', { detail: `The scopes of this key do not reach the role ${role}` });
    };
  }

  private async find(tx: Queries, who: ExternalRef): Promise<UserRow> {
    const found = await this.external.find(tx, who);
    const user = found?.userId && (await this.users.holdAsIs(tx, found.userId));
    if (!user) throw new AppError('user_not_found');
    return user;
  }
}

const refOf = ({ externalId }: { externalId: string }): ExternalRef => ({ namespace: OF_KEYS, externalId });
