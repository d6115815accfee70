import { type Mention, MentionKind, mentionKindText } from '@veche/contracts';
import type * as protocol from '@veche/protocol';

/** As a row and JSON have it. */
export type KeptMention = protocol.Mention;

export const toMention = ({ kind, id, name }: KeptMention): Mention => ({
  kind: mentionKindText.value(kind),
  id,
  name,
});

/** null where there are none: almost no message has any. */
export const toKept = (mentions: readonly Mention[]): KeptMention[] | null => {
  const kept = mentions.flatMap(({ kind, id, name }) => {
    const word = mentionKindText.word(kind);
    return word ? [{ kind: word, id, name }] : [];
  });
  return kept.length > 0 ? kept : null;
};

/** Stands for everybody in a room. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000';

/** Whom mentions call, as the table has it: each once. */
export const calledBy = (mentions: readonly Mention[]): string[] => [
  ...new Set(
    mentions.flatMap(({ kind, id }) => {
      if (kind === MentionKind.USER) return id ?? [];
      return kind === MentionKind.ROOM || kind === MentionKind.HERE ? EVERYBODY : [];
    }),
  ),
];

/** Whom a reader answers to. */
export const namesOf = (reader: string): string => `(${reader}, '${EVERYBODY}')`;
