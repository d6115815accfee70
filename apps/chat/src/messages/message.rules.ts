import { judge, type Refusal, type Standing } from '../members/member.rules';

/** What decides over a message that is there. */
export interface Written {
  readonly authorId: string;
  /** Its text is gone already. */
  readonly isDeleted: boolean;
  /** How long ago it was written, in seconds. */
  readonly age: number;
}

export type Verdict = 'allowed' | Refusal | 'message_not_found' | 'edit_window_over';

/** Somebody who wants to change a message of a room. */
export interface Editor {
  readonly userId: string;
  readonly standing: Standing;
  /** For how many seconds one's own messages may be changed; undefined: for ever. */
  readonly window: number | undefined;
}

const ofOneself = (message: Written, { userId, window = Infinity }: Editor): Verdict => {
  if (message.authorId !== userId) return 'forbidden';
  return message.age <= window ? 'allowed' : 'edit_window_over';
};

/** A message says what its author says, and nobody else ever changes that. */
export const judgeEdit = (message: Written | undefined, editor: Editor): Verdict => {
  const takesPart = judge('write', editor.standing);
  if (takesPart !== 'allowed') return takesPart;
  return message && !message.isDeleted ? ofOneself(message, editor) : 'message_not_found';
};

/** Its author takes a message back; who moderates the room takes away anybody's, at any time. */
export const judgeDeletion = (message: Written | undefined, editor: Editor): Verdict => {
  const moderates = judge('moderate', editor.standing) === 'allowed';
  const takesPart = moderates ? 'allowed' : judge('write', editor.standing);
  if (takesPart !== 'allowed') return takesPart;
  if (!message) return 'message_not_found';
  return moderates ? 'allowed' : ofOneself(message, editor);
};
