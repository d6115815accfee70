import type { Api, Entry, RoomData } from '@veche/client';
import { type NameOf, peopleIn } from './entry-text';

/** Users that one request may ask for. */
const BATCH = 100;

/** Usernames by id, asked for when they are first needed. */
export class Names {
  private readonly known = new Map<string, string>();

  constructor(private readonly api: Api) {}

  readonly of: NameOf = (userId) => this.known.get(userId) ?? 'somebody who is gone';

  async learn(userIds: Iterable<string>): Promise<void> {
    const missing = [...new Set(userIds)].filter((id) => !this.known.has(id));
    for (let i = 0; i < missing.length; i += BATCH) {
      const { items } = await this.api.users.byIds(missing.slice(i, i + BATCH));
      for (const { id, username } of items) this.known.set(id, username);
    }
  }

  learnFrom(entries: readonly Entry[]): Promise<void> {
    return this.learn(entries.flatMap(peopleIn));
  }

  /** What a chat is called by the one of its members who asks. */
  async ofChat({ name, userIds, id }: RoomData, me: string): Promise<string> {
    if (name !== undefined) return name;
    const other = userIds?.find((userId) => userId !== me);
    if (other === undefined) return id;
    await this.learn([other]);
    return `@${this.of(other)}`;
  }
}
