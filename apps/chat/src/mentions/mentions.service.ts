import { Inject, Injectable } from '@nestjs/common';
import { mayRole } from '@veche/access';
import { Cache } from '@veche/cache';
import { type Mention, USERS } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { namesInMessage, resolveMentions, type WrittenName } from '@veche/protocol';
import { type Call, callerOf, type Client } from '@veche/rpc';
import { toMention } from '../log/mention.wire';
import { MembersRepository } from '../members/members.repository';
import { StandingService } from '../members/standing.service';
import { MentionsRepository } from './mentions.repository';

/** How long after a change of names the former one may still be taken for the same person, who alone may use it. */
const NAME_TTL_MS = 60_000;

const EVERYBODY = ['room', 'here'];

const namesBehind = (sign: '@' | '#', written: readonly WrittenName[]): string[] => [
  ...new Set(written.flatMap((one) => (one.sign === sign ? one.names.map(({ name }) => name) : []))),
];

/** Finds whom and what messages mention, when they are written. */
@Injectable()
export class MentionsService {
  constructor(
    @Inject(USERS.token) private readonly users: Client<typeof USERS.definition>,
    private readonly members: MembersRepository,
    private readonly mentions: MentionsRepository,
    private readonly standings: StandingService,
    private readonly cache: Cache,
  ) {}

  /**
   * Members of the room by their usernames, rooms that the author sees, and everybody where the author may call them. It
   * refuses nobody: whether they may write there is decided with the write.
   * @returns undefined where there is nothing that could be a mention, without asking anybody
   * @throws AppError `unavailable` where names are not known here and auth does not answer: nothing is lost silently
   */
  find(text: string, roomId: string, call: Call): Promise<Mention[]> | undefined {
    const written = namesInMessage(text);
    return written.length > 0 ? this.resolve(written, roomId, call) : undefined;
  }

  private async resolve(written: readonly WrittenName[], roomId: string, call: Call): Promise<Mention[]> {
    const names = namesBehind('@', written);
    const [users, rooms, mayCallAll] = await Promise.all([
      this.membersByName(
        names.filter((name) => !EVERYBODY.includes(name)),
        roomId,
        call,
      ),
      this.roomsByLink(namesBehind('#', written), call),
      names.some((name) => EVERYBODY.includes(name)) ? this.mayCallAll(roomId, call) : false,
    ]);
    return resolveMentions(written, { users, rooms, mayCallAll }).map(toMention);
  }

  private async membersByName(
    usernames: readonly string[],
    roomId: string,
    call: Call,
  ): Promise<Map<string, string>> {
    if (usernames.length === 0) return new Map();
    const known = await this.idsOf(usernames, call);
    if (known.size === 0) return known;
    const members = await this.members.roles(roomId, [...known.values()]);
    return new Map([...known].filter(([, id]) => members.has(id)));
  }

  /** Asks auth once where not all are known here. */
  private async idsOf(usernames: readonly string[], call: Call): Promise<Map<string, string>> {
    const { requestId, deadline } = call;
    let asked: Promise<Map<string, string>> | undefined;
    const ask = async (): Promise<Map<string, string>> => {
      const context = { requestId, ...(deadline !== undefined && { deadline }) };
      const found = await this.users.resolveUsernames({ usernames: [...usernames] }, context);
      return new Map(found.usernames.map(({ username, userId }) => [username, userId]));
    };
    const ids = await Promise.all(
      usernames.map((name) =>
        this.cache.read(`chat:username:${name}`, NAME_TTL_MS, async () =>
          (await (asked ??= ask())).get(name),
        ),
      ),
    );
    return new Map(usernames.flatMap((name, i) => (ids[i] === undefined ? [] : [[name, ids[i]]])));
  }

  private async roomsByLink(links: readonly string[], call: Call): Promise<Map<string, string>> {
    if (links.length === 0) return new Map();
    const { userId, role } = callerOf(call);
    return this.mentions.roomsByLink(links, userId, mayRole(role, 'rooms.browse'));
  }

  private async mayCallAll(roomId: string, call: Call): Promise<boolean> {
    try {
      await this.standings.forReading('callAll', roomId, callerOf(call));
      return true;
    } catch (error) {
      if (
        error instanceof AppError &&
        ['forbidden', 'direct_room', 'not_a_member', 'room_not_found'].includes(error.code)
      )
        return false;
      throw error;
    }
  }
}
