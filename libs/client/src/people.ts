import type { Profile } from '@veche/protocol';
import { Source, type Watchable } from './watchable';

/** Ids that one request may ask for. */
const BATCH = 100;
/** What is asked for within this time goes into one request. */
const GATHER_MS = 10;
/** Names change; who comes back after this long looks again. */
const GOOD_MS = 5 * 60_000;

/** null: there is nobody with this id, or not any more. */
export type Known = Profile | null;

interface Person {
  profile?: Known;
  askedAt: number;
  readonly source: Source<Known | undefined>;
}

/** Profiles of those whose names are shown, asked for many at a time. */
export class People {
  private readonly people = new Map<string, Person>();
  private wanted = new Set<string>();

  constructor(private readonly fetch: (ids: readonly string[]) => Promise<readonly Profile[]>) {}

  readonly person = (id: string): Watchable<Known | undefined> => {
    const known = this.people.get(id);
    if (known) return known.source;
    const person: Person = { askedAt: 0, source: new Source(() => person.profile) };
    this.people.set(id, person);
    this.want(id);
    return person.source;
  };

  /** A connection begins: what could not be had before, and what may be old, is asked for again. */
  begin(): void {
    for (const [id, person] of this.people)
      if (!person.profile || (person.source.isWatched && Date.now() - person.askedAt > GOOD_MS))
        this.want(id);
  }

  /** An account is gone. */
  isGone(id: string): void {
    this.take(id, null);
  }

  private want(id: string): void {
    if (this.wanted.size === 0) setTimeout(() => void this.ask(), GATHER_MS);
    this.wanted.add(id);
  }

  private async ask(): Promise<void> {
    const ids = [...this.wanted];
    this.wanted = new Set();
    for (let i = 0; i < ids.length; i += BATCH) {
      const batch = ids.slice(i, i + BATCH);
      try {
        const found = new Map((await this.fetch(batch)).map((profile) => [profile.id, profile]));
        for (const id of batch) this.take(id, found.get(id) ?? null);
      } catch {
        // the next connection asks for those that are missing
      }
    }
  }

  private take(id: string, profile: Known): void {
    const person = this.people.get(id);
    if (!person) return;
    person.profile = profile;
    person.askedAt = Date.now();
    person.source.changed();
  }
}
