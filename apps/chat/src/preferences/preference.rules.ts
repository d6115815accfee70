import type { RoomKind } from '../members/member.rules';

export type NotificationLevel = 'all' | 'mentions' | 'nothing';

/** Of what people are notified who have said nothing: of what is said to them alone, and of what calls them. */
export const USUAL_LEVELS: Readonly<Record<RoomKind, NotificationLevel>> = {
  public: 'mentions',
  private: 'mentions',
  direct: 'all',
};

/** A room that is silent for longer than this was meant to be so without an end. */
const LONGEST_MS = 366 * 24 * 60 * 60 * 1000;

/** What somebody wants to change of how they have a room. */
export interface RoomWish {
  readonly muted?: boolean | undefined;
  readonly mutedUntil?: Date | undefined;
  readonly hidden?: boolean | undefined;
}

/** @returns what is wrong with it, and in which field */
export const wrongWish = (
  { muted, mutedUntil, hidden }: RoomWish,
  kind: RoomKind,
  now: Date,
): { field: string; message: string } | undefined => {
  if (mutedUntil !== undefined) {
    const left = mutedUntil.getTime() - now.getTime();
    if (muted !== true) return { field: 'mutedUntil', message: 'mutedUntil is the end of muted: true' };
    if (left <= 0) return { field: 'mutedUntil', message: 'mutedUntil must not be over' };
    if (left > LONGEST_MS) return { field: 'mutedUntil', message: 'mutedUntil must be within a year' };
  }
  if (hidden !== undefined && kind !== 'direct')
    return { field: 'hidden', message: 'only direct rooms can be hidden' };
  return undefined;
};
