/** A message as its author wants it sent. */
export interface Sending {
  readonly roomId: string;
  readonly authorId: string;
  readonly clientId: string;
  readonly replyTo?: number | undefined;
  /** Left out where no files come with it. */
  readonly attachmentIds?: readonly string[] | undefined;
  /** What the thread hangs on in which it is to be. */
  readonly threadSeq?: number | undefined;
}

/** What is known of it once its room is locked. `O` is the entry that its client id stands for already. */
export interface Circumstances<O> {
  readonly member: boolean;
  /** Whether what it answers is a message of the room. */
  readonly replyExists: boolean;
  /** Those of its files that are there, its author's, and in no message. */
  readonly files?: ReadonlySet<string> | undefined;
  /** Why there can be no thread where it is to be in one; undefined where there can. */
  readonly astray?: 'message_not_found' | 'already_in_thread' | undefined;
  readonly original?: O | undefined;
}

export type Verdict<O> =
  | { readonly kind: 'append'; readonly seq: number }
  | { readonly kind: 'original'; readonly entry: O }
  /** The same client id came twice in one batch: it shares what becomes of the first. */
  | { readonly kind: 'twin'; readonly of: number }
  | Refused;

export interface Refused {
  readonly kind: 'refuse';
  readonly code: Refusal | 'message_not_found' | 'already_in_thread' | 'attachment_not_found';
}

export type Refusal = 'room_not_found' | 'not_a_member';

/**
 * Why somebody who is no member may not take part. That a room exists is told only of public ones.
 * @param kind of the room; undefined where there is none
 */
export const refusal = (kind: string | undefined): Refusal =>
  kind === 'public' ? 'not_a_member' : 'room_not_found';

/**
 * Decides about messages that share a commit, in the order in which they came, each on its own. This is the rule, to be
 * read and tested; `chat.append_messages` in the database is what follows it (migrations/), and a test holds the two
 * together.
 * @param known for each message what is known of it
 * @param rooms those that exist, with the number of their newest entry
 */
export const judge = <O>(
  messages: readonly Sending[],
  known: readonly Circumstances<O>[],
  rooms: readonly { id: string; kind: string; lastSeq: number }[],
): Verdict<O>[] => {
  const byId = new Map(rooms.map((room) => [room.id, { kind: room.kind, lastSeq: room.lastSeq }]));
  const firsts = new Map<string, number>();
  // a file is for one message, whatever becomes of the first that names it
  const named = new Set<string>();
  return messages.map((message, i): Verdict<O> => {
    const { member, replyExists, original, files, astray }: Circumstances<O> = known[i] ?? {
      member: false,
      replyExists: false,
    };
    const lacks = (message.attachmentIds ?? []).some((id) => named.has(id) || !files?.has(id));
    for (const id of message.attachmentIds ?? []) named.add(id);
    const room = byId.get(message.roomId);
    if (room && original) return { kind: 'original', entry: original };

    const key = `${message.roomId} ${message.authorId} ${message.clientId}`;
    const first = firsts.get(key);
    if (first !== undefined) return { kind: 'twin', of: first };

    if (!room || !member) return { kind: 'refuse', code: refusal(room?.kind) };
    if (message.replyTo !== undefined && !replyExists) return { kind: 'refuse', code: 'message_not_found' };
    if (message.threadSeq !== undefined && astray) return { kind: 'refuse', code: astray };
    if (lacks) return { kind: 'refuse', code: 'attachment_not_found' };
    firsts.set(key, i);
    return { kind: 'append', seq: ++room.lastSeq };
  });
};

/** Whether entries that follow `after` reach the end of the log; never where `after` is not of this log. */
export const isComplete = (after: number, entries: readonly { seq: number }[], lastSeq: number): boolean =>
  (entries.at(-1)?.seq ?? after) === lastSeq;

/** What an entry weighs beside what can be long. */
const ENTRY_BYTES = 256;

/** The first of the entries, as many as weigh no more than `bytes` together, and always one. */
export const withinBytes = <E>(
  entries: readonly E[],
  bytes: number,
  lengthOf: (entry: E) => number,
): readonly E[] => {
  let weight = 0;
  // a UTF-16 unit is at most three bytes of UTF-8
  const end = entries.findIndex((entry, i) => (weight += ENTRY_BYTES + 3 * lengthOf(entry)) > bytes && i > 0);
  return end === -1 ? entries : entries.slice(0, end);
};
