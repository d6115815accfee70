import { Inject, Injectable } from '@nestjs/common';
import { USERS } from '@veche/contracts';
import { type SearchMessagesDto, USERNAME } from '@veche/dto';
import { fold, type Has, isFoundBy, momentOf, type ParsedSearch } from '@veche/protocol';
import { type Call, callerOf, type Client } from '@veche/rpc';
import { directKey } from '../rooms/room.rules';
import type { OwnRoom } from './search.repository';

/** What a search is narrowed to. */
export interface Filters {
  /** Whose messages; undefined: everybody's. */
  readonly authors: readonly string[] | undefined;
  /** Which of the caller's rooms. */
  readonly isIn: (room: OwnRoom) => boolean;
  readonly has: readonly Has[];
  /** In milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** Clocks differ; nothing that is there is of a later time. */
const AHEAD_MS = 3_600_000;

const ME = 'me';

/** What filters mean, those that were typed and those that were given beside: people and rooms by their names. */
@Injectable()
export class SearchFilters {
  constructor(@Inject(USERS.token) private readonly users: Client<typeof USERS.definition>) {}

  async read(request: SearchMessagesDto, parsed: ParsedSearch, call: Call): Promise<Filters> {
    const { userId } = callerOf(call);
    const from = [...parsed.from, ...(request.from === undefined ? [] : [request.from])];
    const places = [...parsed.in, ...(request.in === undefined ? [] : [request.in])];
    const partners = places.flatMap((place) => (place.startsWith('@') ? [place.slice(1)] : []));
    const ids = await this.idsOf([...from, ...partners], userId, call);
    const named = (name: string): string[] => ids.get(name.toLowerCase()) ?? [];
    const keys = new Set(partners.flatMap(named).map((partner) => directKey(userId, partner)));
    const names = places.filter((place) => !place.startsWith('@'));
    return {
      authors: from.length === 0 ? undefined : from.flatMap(named),
      isIn: ({ id, name, directKey: key }) =>
        (request.roomId === undefined || request.roomId === id) &&
        (places.length === 0 ||
          (key !== null && keys.has(key)) ||
          (name !== null && names.some((wanted) => fold(wanted) !== '' && isFoundBy(wanted, name)))),
      has: [...new Set([...parsed.has, ...(request.has as Has[])])],
      from: Math.max(0, ...moments([...parsed.after, request.after])),
      until: Math.min(Date.now() + AHEAD_MS, ...moments([...parsed.before, request.before])),
    };
  }

  /** By username; who does not exist has written nothing. */
  private async idsOf(
    names: readonly string[],
    caller: string,
    call: Call,
  ): Promise<ReadonlyMap<string, string[]>> {
    const ids = new Map([[ME, [caller]]]);
    const usernames = new Set(
      names.map((name) => name.toLowerCase()).filter((name) => name !== ME && USERNAME.test(name)),
    );
    if (usernames.size === 0) return ids;
    const { profiles } = await this.users.listUsers({ ids: [], usernames: [...usernames] }, call);
    for (const { id, username } of profiles) ids.set(username.toLowerCase(), [id]);
    return ids;
  }
}

const moments = (values: readonly (string | undefined)[]): number[] =>
  values.flatMap((value) => (value === undefined ? [] : (momentOf(value) ?? [])));
