import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ERASURE } from '@veche/contracts';
import { Rounds } from '@veche/lifecycle';
import type { Client } from '@veche/rpc';
import { v7 as uuid } from 'uuid';
import { REPEATED_MS } from '../cached';
import { Clock } from '../clock';
import { SessionsService } from '../sessions/sessions.service';
import { ExternalUsersRepository } from '../users/external-users.repository';
import { UsernamesRepository } from '../users/usernames.repository';
import { UsersService } from '../users/users.service';
import { DeletionsRepository, type DueDeletion } from './deletions.repository';

const EVERY_MS = 5_000;
const CALL_MS = 10_000;
/** A replica that has claimed a deletion and dies leaves it to the others after this. Longer than a call. */
const CLAIMED_MS = 15_000;
/** After a failure. */
const AGAIN_MS = 5_000;
/**
 * Chat is told once more this much later. By then nothing that began before the deletion is still under way: a
 * process that could not follow auth trusts a token for 30 seconds more (libs/tokens), and a call takes ten.
 */
const SETTLED_MS = 60_000;
const AT_ONCE = 20;
/** How long it is known whose account in another system went: longer than any token of an issuer counts, which is a day. */
const GONE_MS = 2 * 24 * 60 * 60 * 1000;

/** Tells chat of every account that is gone until chat has said twice that nothing of it is left. */
@Injectable()
export class DeletionsUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('Deletions');
  private readonly rounds = new Rounds(
    () => this.round(),
    (error) => this.log.warn(`upkeep failed, trying again: ${String(error)}`),
  );

  constructor(
    private readonly repository: DeletionsRepository,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly usernames: UsernamesRepository,
    private readonly external: ExternalUsersRepository,
    @Inject(ERASURE.token) private readonly erasure: Client<typeof ERASURE.definition>,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every(EVERY_MS);
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }

  /** Begins a round, unless one is under way: what that one does not find, the next one does. */
  start(): void {
    this.rounds.begin();
  }

  async round(): Promise<void> {
    await this.usernames.forget(this.clock.now());
    await this.external.forgetGone(this.in(-GONE_MS));
    await this.repeatEnds();
    while (!this.rounds.isStopping) {
      const deletion = await this.repository.claim(this.clock.now(), this.in(CLAIMED_MS));
      if (!deletion) return;
      await this.tellChat(deletion);
    }
  }

  /** For a process that died before it told: the rows of the sessions, which would tell, are gone. */
  private async repeatEnds(): Promise<void> {
    for (const { userId, sessionIds } of await this.repository.listSince(this.in(-REPEATED_MS), AT_ONCE)) {
      await this.sessions.repeat(sessionIds.map((id) => ({ id, userId, endReason: 'account_deleted' })));
      await this.users.repeat([userId]);
    }
  }

  private async tellChat({ userId, confirmedAt }: DueDeletion): Promise<void> {
    try {
      const call = { requestId: uuid(), deadline: Date.now() + CALL_MS };
      const { done } = await this.erasure.forgetUser({ userId }, call);
      if (!done) await this.repository.postpone(userId, this.clock.now());
      else if (confirmedAt) await this.repository.remove(userId);
      else await this.repository.confirm(userId, this.clock.now(), this.in(SETTLED_MS));
    } catch (error) {
      this.log.warn(`chat was not told of a deleted account, trying again: ${String(error)}`);
      await this.repository.postpone(userId, this.in(AGAIN_MS));
    }
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}
