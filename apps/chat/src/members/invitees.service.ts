import { Inject, Injectable } from '@nestjs/common';
import { USERS } from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { Call, Client } from '@veche/rpc';

/** Whom a request means: users live in auth, and rooms know them by id. Never asked inside a transaction. */
@Injectable()
export class InviteesService {
  constructor(@Inject(USERS.token) private readonly users: Client<typeof USERS.definition>) {}

  /**
   * @returns an id for each username, in their order
   * @throws AppError `user_not_found` with every name that nobody has
   */
  async all(usernames: readonly string[], call: Call): Promise<string[]> {
    if (usernames.length === 0) return [];
    const wanted = usernames.map((name) => name.toLowerCase());
    const { profiles } = await this.users.listUsers({ ids: [], usernames: [...new Set(wanted)] }, call);
    const ids = new Map(profiles.map((profile) => [profile.username.toLowerCase(), profile.id]));
    const errors = usernames.flatMap((name, i) =>
      ids.has(name.toLowerCase()) ? [] : [{ field: `members.${i}`, message: `${name} does not exist` }],
    );
    if (errors.length > 0) throw new AppError('user_not_found', { errors });
    return wanted.flatMap((name) => ids.get(name) ?? []);
  }

  /** @throws AppError `invalid_input` unless exactly one of the two is given, `user_not_found` */
  async one(given: { userId?: string; username?: string }, call: Call): Promise<string> {
    const ids = given.userId === undefined ? [] : [given.userId];
    const usernames = given.username === undefined ? [] : [given.username];
    if (ids.length + usernames.length !== 1)
      throw new AppError('invalid_input', {
        errors: [{ field: 'userId', message: 'give either userId or username' }],
      });
    const [profile] = (await this.users.listUsers({ ids, usernames }, call)).profiles;
    // a disabled account is a name for history, and nobody to talk to
    if (!profile || profile.deactivated) throw new AppError('user_not_found');
    return profile.id;
  }
}
