import {
  type Entry,
  ENTRY_TYPES,
  type EntryBody,
  type EntryTypes,
  type Mention,
  mentionKindText,
  type RoomRole,
  roomRoleText,
  type ThreadSummary,
} from '@veche/contracts';
import type * as json from '@veche/protocol';
import { isoTime } from '../iso-time';

/** An entry as the JSON doors show it: REST and Socket.IO alike. What is undefined, JSON leaves out. */
export const entryToJson = ({ roomId, seq, actorId, at, body }: Entry): json.Entry => ({
  roomId,
  seq,
  actorId,
  at: isoTime(at),
  ...said(body),
});

/** The entry of a message, where nothing else may come. */
export const messageToJson = (entry: Entry | undefined): json.MessageCreated => {
  const message = entry && entryToJson(entry);
  if (message?.type !== 'message.created') throw new Error('an answer came without its message');
  return message;
};

type InJson<V> = V extends Date
  ? string
  : V extends RoomRole
    ? json.RoomRole
    : V extends Mention[]
      ? json.Mention[]
      : V extends ThreadSummary
        ? json.ThreadSummary
        : V;

type Value<C extends EntryBody['$case']> = Extract<EntryBody, { $case: C }>['value'];

/** What each kind says, field by field as the wire has it. */
type Said = {
  [C in EntryBody['$case']]: { type: EntryTypes[C] } & { [F in keyof Value<C>]: InJson<Value<C>[F]> };
}[EntryBody['$case']];

/** One that a newer chat knows stays text. */
const mentionToJson = ({ kind, ...whom }: Mention): json.Mention[] => {
  const word = mentionKindText.word(kind);
  return word ? [{ kind: word, ...whom }] : [];
};

/** chat may be newer than this gateway: the number is told, so that nobody sees a gap */
const UNKNOWN = { type: 'unknown' } as const;

const threadToJson = (thread: ThreadSummary): json.ThreadSummary => ({
  ...thread,
  lastAt: thread.lastAt && isoTime(thread.lastAt),
});

const said = (body: Entry['body']): Said | typeof UNKNOWN => {
  if (!body) return UNKNOWN;
  const fields: Record<string, unknown> = { type: ENTRY_TYPES[body.$case] };
  for (const [name, value] of Object.entries(body.value) as [string, unknown][])
    fields[name] = value instanceof Date ? isoTime(value) : value;
  if ('mentions' in body.value) fields.mentions = body.value.mentions.flatMap(mentionToJson);
  if ('thread' in body.value) fields.thread = body.value.thread && threadToJson(body.value.thread);
  // almost no message has any
  if ('attachments' in body.value && body.value.attachments.length === 0) delete fields.attachments;
  if ('role' in body.value) fields.role = roomRoleText.word(body.value.role);
  return 'role' in fields && fields.role === undefined ? UNKNOWN : (fields as unknown as Said);
};
