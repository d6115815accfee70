import type { Entry, Member, ReadMark } from '@veche/protocol';
import { asVecheError, type VecheError } from '../errors';
import { Source } from '../watchable';
import { foldMembers } from './fold';

/** Who belongs to a room. */
export interface Members {
  /** `empty` until somebody watches. */
  readonly status: 'empty' | 'loading' | 'ready' | 'failed';
  /** In the order in which they came. */
  readonly items: readonly Member[];
  readonly error?: VecheError;
}

/** Keeps the members of a room: fetched once somebody watches, and changed by the log from then on. */
export class MemberList {
  readonly source: Source<Members>;
  private status: Members['status'] = 'empty';
  private members: ReadonlyMap<string, Member> = new Map();
  private error?: VecheError;
  /** What happened while the list is being fetched, and may or may not be in it. */
  private meanwhile?: { entries: Entry[]; marks: ReadMark[] };
  private again = false;

  private endLook: () => void = () => undefined;

  /** @param look from its call on until that of its result, read marks of others are told */
  constructor(
    private readonly fetch: () => Promise<Member[]>,
    look: () => () => void,
  ) {
    this.source = new Source(
      () => ({ status: this.status, items: [...this.members.values()], error: this.error }),
      () => {
        this.endLook = look();
        void this.begin();
      },
      () => this.endLook(),
    );
  }

  append(entry: Entry): void {
    this.meanwhile?.entries.push(entry);
    this.set(foldMembers(this.members, entry));
  }

  takeMark(mark: ReadMark): void {
    this.meanwhile?.marks.push(mark);
    this.set(withMark(this.members, mark));
  }

  /** Fetches for whoever watches, unless the list is there already. */
  begin(): Promise<void> {
    const idle = this.status === 'empty' || this.status === 'failed';
    return idle && this.source.isWatched ? this.load() : Promise.resolve();
  }

  /** Something may have been missed: read markers are in no log. */
  refresh(): Promise<void> {
    return this.status === 'empty' ? Promise.resolve() : this.load();
  }

  clear(): void {
    this.status = 'empty';
    this.members = new Map();
    this.source.changed();
  }

  private async load(): Promise<void> {
    if (this.meanwhile) return void (this.again = true);
    if (this.status !== 'ready') this.status = 'loading';
    this.source.changed();
    const meanwhile = (this.meanwhile = { entries: [], marks: [] });
    try {
      const fetched = await this.fetch();
      if ((this.status as Members['status']) === 'empty') return;
      let members: ReadonlyMap<string, Member> = new Map(fetched.map((member) => [member.userId, member]));
      for (const entry of meanwhile.entries) members = foldMembers(members, entry);
      for (const mark of meanwhile.marks) members = withMark(members, mark);
      this.members = members;
      this.status = 'ready';
      this.error = undefined;
    } catch (error) {
      this.status = 'failed';
      this.error = asVecheError(error);
    } finally {
      this.meanwhile = undefined;
      this.source.changed();
    }
    if (this.again) {
      this.again = false;
      await this.load();
    }
  }

  private set(members: ReadonlyMap<string, Member>): void {
    if (members === this.members || this.status === 'empty') return;
    this.members = members;
    this.source.changed();
  }
}

const withMark = (
  members: ReadonlyMap<string, Member>,
  { userId, seq }: ReadMark,
): ReadonlyMap<string, Member> => {
  const member = members.get(userId);
  return member && (member.readSeq ?? 0) < seq
    ? new Map(members).set(userId, { ...member, readSeq: seq })
    : members;
};
