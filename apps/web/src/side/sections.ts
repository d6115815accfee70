import { isHidden, isMuted, type RoomOverview } from '@veche/client';
import { SECTIONS, type SectionName } from './section-names';

/** The room that is open, and whether it waited to be read when it was opened. */
export interface Opened {
  readonly id: string;
  readonly waited: boolean;
}

/** A line of the list: a room, or the title of a section. */
export interface Row {
  readonly key: string;
  readonly section: SectionName;
  readonly room?: RoomOverview;
  /** The place of a room in its section, from 1 on, and how many there are; of a title, 0. */
  readonly place: number;
  readonly of: number;
}

/** Whether something in a room waits to be read. A muted one waits for nobody. */
export const isWaiting = (room: RoomOverview, now: number): boolean =>
  room.unread + room.mentions > 0 && !isMuted(room, now);

const sectionOf = (room: RoomOverview, now: number, opened: Opened | undefined): SectionName => {
  // it stays where it was found, also when it is read, until another one is opened: nothing jumps under a finger
  if (opened?.id === room.id ? opened.waited : isWaiting(room, now)) return 'unread';
  if (room.favourite) return 'favourites';
  return room.kind === 'direct' ? 'direct' : 'rooms';
};

/**
 * The lines of the list, each room in one section and there in the order in which it came. Of a folded section there is
 * the title, and the room that is open.
 */
export const rowsOf = (
  rooms: readonly RoomOverview[],
  now: number,
  opened: Opened | undefined,
  folded: readonly SectionName[],
): readonly Row[] => {
  const found = new Map<SectionName, RoomOverview[]>(SECTIONS.map((name) => [name, []]));
  for (const room of rooms)
    if (room.id === opened?.id || !isHidden(room)) found.get(sectionOf(room, now, opened))?.push(room);
  return [...found].flatMap(([section, all]) => {
    if (all.length === 0) return [];
    const shown = folded.includes(section) ? all.filter(({ id }) => id === opened?.id) : all;
    const title: Row = { key: `#${section}`, section, place: 0, of: all.length };
    return [
      title,
      ...shown.map((room, i): Row => ({ key: room.id, section, room, place: i + 1, of: shown.length })),
    ];
  });
};
