import { type Entry, isInRoom, type MemberJoined, type PendingMessage } from '@veche/client';
import { isSilent } from './system-text';

/** Messages of one author that follow each other within this time stand under one name … */
const TOGETHER_MS = 5 * 60_000;
/** … and no longer than this, so that each is near a time. */
const UNDER_ONE_NAME_MS = 10 * 60_000;

/** What one line tells of: an entry of the log, or a message that is on its way there. */
export type Said = Entry | PendingMessage;

export const isPending = (said: Said): said is PendingMessage => 'state' in said;

/** One line of the timeline. */
export interface Line {
  readonly said: Said;
  /** Those that came or were invited one after the other are one line; it stands where the first of them does. */
  readonly joined: readonly MemberJoined[] | undefined;
  /** Whether nothing of its day stands above it. */
  readonly isNewDay: boolean;
  /** Whether a message shows who wrote it: those that follow soon stand under the same name. */
  readonly isFirst: boolean;
}

/** In a conversation between two nobody has to be told who began it and who is in it. */
const BEGINNING: ReadonlySet<Entry['type']> = new Set(['room.created', 'member.joined']);

const isShown = (said: Entry, isDirect: boolean, isThread: boolean): boolean => {
  if (said.type === 'message.created') return isThread || isInRoom(said);
  return !(isSilent(said) || (isDirect && BEGINNING.has(said.type)));
};

/** The local day that a moment is in, from its first millisecond up to the first of the next. */
const dayOf = (at: number): readonly [from: number, to: number] => {
  const from = new Date(at).setHours(0, 0, 0, 0);
  return [from, new Date(from).setDate(new Date(from).getDate() + 1)];
};

/**
 * What is shown of a room, line by line: entries that nobody has to see are none of them, nor is what is in a thread alone.
 * @param isThread whether it is a thread that is shown
 */
export const linesOf = (
  entries: readonly Entry[],
  pending: readonly PendingMessage[],
  isDirect: boolean,
  me: string,
  isThread = false,
): Line[] => {
  const lines: Line[] = [];
  let day: readonly [number, number] = [0, 0];
  /** Who wrote the last message, when, and when the first did that stands under the same name. */
  let author: { id: string; at: number; since: number } | undefined;
  let together: MemberJoined[] | undefined;
  const add = (said: Said): void => {
    const at = Date.parse(said.at);
    const isNewDay = lines.length === 0 || at < day[0] || at >= day[1];
    if (isNewDay) day = dayOf(at);
    if (!isPending(said) && said.type === 'member.joined') {
      author = undefined;
      if (together && !isNewDay) return void together.push(said);
      together = [said];
      lines.push({ said, joined: together, isNewDay, isFirst: false });
      return;
    }
    together = undefined;
    const id = isPending(said) ? me : said.type === 'message.created' ? said.actorId : undefined;
    const isFirst =
      isNewDay ||
      author?.id !== id ||
      author === undefined ||
      at - author.at >= TOGETHER_MS ||
      at - author.since >= UNDER_ONE_NAME_MS;
    author = id === undefined ? undefined : { id, at, since: isFirst ? at : (author?.since ?? at) };
    lines.push({ said, joined: undefined, isNewDay, isFirst });
  };
  for (const entry of entries) if (isShown(entry, isDirect, isThread)) add(entry);
  for (const message of pending) add(message);
  return lines;
};

const seqOf = ({ said }: Line): number => (isPending(said) ? Infinity : said.seq);

/** The index of the line that shows an entry, or else of the next one; as many as there are lines where there is none. */
export const lineOf = (lines: readonly Line[], seq: number): number => {
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const line = lines[middle];
    const last = line?.joined?.at(-1)?.seq ?? (line ? seqOf(line) : Infinity);
    if (last < seq) from = middle + 1;
    else to = middle;
  }
  return from;
};

/** Up to which number everything is seen by who sees this line: what follows it and is not shown is seen with it. */
export const seenUpTo = (lines: readonly Line[], index: number, lastSeq: number): number => {
  const next = lines[index + 1];
  return next && !isPending(next.said) ? next.said.seq - 1 : lastSeq;
};
