import { judge, type Refusal, type Standing } from '../members/member.rules';

/** What decides over a pin. */
export interface Pinnable {
  readonly isDeleted: boolean;
  readonly isPinned: boolean;
}

/** Pinned messages of a room: what can still be looked through. */
export const MOST_PINS = 100;

export type Verdict = 'changes' | 'is_so_already' | Refusal | 'message_not_found' | 'too_many_pins';

/**
 * Who moderates the room pins what is there, and in a direct one both do. Who asks for what is so already is told that it
 * is: their first answer was lost.
 * @param pins how many messages of the room are pinned
 */
export const judgePin = (
  message: Pinnable | undefined,
  { on, pins }: { readonly on: boolean; readonly pins: number },
  standing: Standing,
): Verdict => {
  const may = judge('pin', standing);
  if (may !== 'allowed') return may;
  if (!message || (message.isDeleted && on)) return 'message_not_found';
  if (message.isPinned === on) return 'is_so_already';
  return on && pins >= MOST_PINS ? 'too_many_pins' : 'changes';
};
