import {
  type Entry,
  ENTRY_TYPES,
  type EntryBody,
  type EntryType,
  type Reaction,
  roomRoleText,
} from '@veche/contracts';
import { type KeptAttachment, toAttachment } from './attachment.wire';
import { calledBy, type KeptMention, toKept, toMention } from './mention.wire';
import { type KeptThread, toThread } from './thread.wire';

export type { EntryBody, EntryType } from '@veche/contracts';

/** A message that is in a thread alone: whatever is counted and read of a room's own messages does not meet it. */
export const IN_THREAD = 'message.in_thread';

/** The kind of an entry, as the table holds it. */
export type StoredType = EntryType | typeof IN_THREAD;

/** What holds of the rows of messages, wherever they are shown, for a table of this name. */
export const isMessage = (table: string): string =>
  `${table}.type IN ('${ENTRY_TYPES.messageCreated}', '${IN_THREAD}')`;

/** What an entry says, as the table holds it. */
export interface BodyColumns {
  type: StoredType;
  messageId: string | null;
  text: string | null;
  clientId: string | null;
  replyTo: number | null;
  target: number | null;
  data: Record<string, unknown> | null;
}

/** What a message's row has of everybody who reacted alike. */
export type ReactionColumn = Pick<Reaction, 'emoji' | 'count' | 'userIds'>;

/** A row of chat.room_events as `pg` gives it. */
export interface EntryRow extends Omit<BodyColumns, 'replyTo' | 'target'> {
  roomId: string;
  seq: string;
  actorId: string;
  at: Date;
  replyTo: string | null;
  target: string | null;
  mentions: KeptMention[] | null;
  attachments: KeptAttachment[] | null;
  editedAt: Date | null;
  deletedAt: Date | null;
  /** This and the next two: null also where it is read for nobody in particular. */
  reactions: readonly ReactionColumn[] | null;
  reactionsSeq: string | null;
  pinnedBy: string | null;
  pinnedAt: Date | null;
  /** Of a reply in a thread, and who wrote what that hangs on. */
  threadSeq: string | null;
  threadAuthorId: string | null;
  /** Of what a thread hangs on; null also where it is read for nobody in particular. */
  thread: KeptThread | null;
  /** What the reader reacted with. */
  mine: readonly string[] | null;
}

const CASES = Object.fromEntries(Object.entries(ENTRY_TYPES).map(([name, type]) => [type, name])) as Record<
  EntryType,
  EntryBody['$case']
>;

const NOTHING = { messageId: null, text: null, clientId: null, replyTo: null, target: null, data: null };

export const toColumns = (body: EntryBody): BodyColumns => {
  const columns = { ...NOTHING, type: ENTRY_TYPES[body.$case] };
  if (body.$case === 'messageCreated') {
    const { id, text, clientId, replyTo } = body.value;
    return { ...columns, messageId: id, text, clientId, replyTo: replyTo ?? null };
  }
  // an entry about a message has no text of its own: what was edited away or deleted would stay in it
  const elsewhere = { target: undefined, text: undefined, mentions: undefined };
  const { target = null, text: _text, mentions: _mentions, ...said } = { ...elsewhere, ...body.value };
  const data: Record<string, unknown> = Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  );
  if ('role' in body.value) {
    const role = roomRoleText.word(body.value.role);
    if (role === undefined) throw new Error('an entry cannot hold a role without a name');
    data.role = role;
  }
  return { ...columns, target, data: Object.keys(data).length > 0 ? data : null };
};

const toBody = (row: EntryRow): EntryBody => {
  if (row.type === 'message.created' || row.type === IN_THREAD)
    return {
      $case: 'messageCreated',
      value: {
        id: row.messageId ?? '',
        text: row.text ?? '',
        clientId: row.deletedAt ? '' : (row.clientId ?? ''),
        replyTo: row.replyTo === null ? undefined : Number(row.replyTo),
        mentions: row.mentions?.map(toMention) ?? [],
        deletedAt: row.deletedAt ?? undefined,
        editedAt: (row.deletedAt ? null : row.editedAt) ?? undefined,
        reactions: (row.reactions ?? []).map(({ emoji, count, userIds }) => ({
          emoji,
          count,
          mine: row.mine?.includes(emoji) ?? false,
          userIds,
        })),
        reactionsSeq: row.deletedAt || row.reactionsSeq === null ? undefined : Number(row.reactionsSeq),
        pinnedBy: row.pinnedBy ?? undefined,
        pinnedAt: row.pinnedAt ?? undefined,
        attachments: row.attachments?.map(toAttachment) ?? [],
        threadSeq: row.threadSeq === null ? undefined : Number(row.threadSeq),
        threadAuthorId: row.threadAuthorId ?? undefined,
        alsoInRoom: row.threadSeq === null || row.type === IN_THREAD ? undefined : true,
        thread: row.thread ? toThread(row.thread) : undefined,
      },
    };
  const value: Record<string, unknown> = { ...row.data };
  if (row.data?.role !== undefined)
    value.role = roomRoleText.value(row.data.role as 'member' | 'moderator' | 'owner');
  if (row.data?.thread !== undefined) value.thread = toThread(row.data.thread as KeptThread);
  if (row.target !== null) value.target = Number(row.target);
  if (row.text !== null) value.text = row.text;
  if (row.type === 'message.edited') value.mentions = row.mentions?.map(toMention) ?? [];
  // as toColumns put it there
  return { $case: CASES[row.type], value } as unknown as EntryBody;
};

export const toEntry = (row: EntryRow): Entry => ({
  roomId: row.roomId,
  seq: Number(row.seq),
  actorId: row.actorId,
  at: row.at,
  body: toBody(row),
});

/** A mention, or an id and what is around it, is about as long as this many characters. */
const ID_LENGTH = 40;

/** A file's name, its placeholder and the rest, at most. */
const ATTACHMENT_LENGTH = 1_000;

/** How much of an entry can be long, in characters. */
export const lengthOf = ({ body }: Entry): number => {
  const { text, mentions }: { text?: string | undefined; mentions?: readonly unknown[] } = body?.value ?? {};
  const { reactions, attachments } =
    body?.$case === 'messageCreated' ? body.value : { reactions: [], attachments: [] };
  const { thread }: { thread?: { participants: readonly string[] } | undefined } = body?.value ?? {};
  const named = (mentions?.length ?? 0) + (thread?.participants.length ?? 0);
  const ids = reactions.reduce((sum, { userIds }) => sum + userIds.length + 1, named);
  return (text?.length ?? 0) + ID_LENGTH * ids + ATTACHMENT_LENGTH * attachments.length;
};

/** Whether a room moves up in its members' lists with it: clients have no other time of a room than that. */
export const movesRoom = ({ $case }: EntryBody): boolean => $case === 'messageCreated';

/** Who is a member of the room from this entry on. */
export const entrantOf = ({ actorId, body }: Entry): string | undefined => {
  switch (body?.$case) {
    case 'roomCreated':
      return actorId;
    case 'memberJoined':
      return body.value.userId;
    default:
      return undefined;
  }
};

/** What becomes of the message that an entry is about. */
export interface MessageChange {
  readonly target: number;
  /** null: it is deleted. */
  readonly text: string | null;
  readonly mentions: KeptMention[] | null;
  /** Whom it calls then. */
  readonly called: readonly string[];
}

export const messageChange = (body: EntryBody): MessageChange | undefined => {
  switch (body.$case) {
    case 'messageEdited':
      return {
        target: body.value.target,
        text: body.value.text ?? null,
        mentions: toKept(body.value.mentions),
        called: calledBy(body.value.mentions),
      };
    case 'messageDeleted':
      return { target: body.value.target, text: null, mentions: null, called: [] };
    default:
      return undefined;
  }
};

/** A message is pinned by whoever caused the entry, or is so no more. */
export const pinChange = (body: EntryBody): { target: number; on: boolean } | undefined =>
  body.$case === 'messagePinned' || body.$case === 'messageUnpinned'
    ? { target: body.value.target, on: body.$case === 'messagePinned' }
    : undefined;
