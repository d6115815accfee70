import type { Entry, Member, ReadMark } from '@veche/protocol';
import { type Fetched, FetchedList } from './fetched';
import { foldMembers } from './fold';

/** Who belongs to a room, in the order in which they came. */
export type Members = Fetched<Member>;

type ById = ReadonlyMap<string, Member>;

/** Changed by the log, and by read marks, which are in no log. */
export type MemberList = FetchedList<ById, Entry | ReadMark, Member>;

/**
 * The members of a room.
 * @param look from its call on until that of its result, read marks of others are told
 */
export const memberList = (fetch: () => Promise<Member[]>, look: () => () => void): MemberList => {
  let endLook: () => void = () => undefined;
  return new FetchedList<ById, Entry | ReadMark, Member>({
    empty: new Map(),
    fetch: async () => new Map((await fetch()).map((member) => [member.userId, member])),
    // who came is there before they have read
    after: (members, news) =>
      news.filter(isMark).reduce(withMark, news.filter(isEntry).reduce(foldMembers, members)),
    items: (members) => [...members.values()],
    watched: () => (endLook = look()),
    unwatched: () => endLook(),
  });
};

const isEntry = (news: Entry | ReadMark): news is Entry => 'type' in news;
const isMark = (news: Entry | ReadMark): news is ReadMark => !isEntry(news);

const withMark = (members: ById, { userId, seq }: ReadMark): ById => {
  const member = members.get(userId);
  return member && (member.readSeq ?? 0) < seq
    ? new Map(members).set(userId, { ...member, readSeq: seq })
    : members;
};
