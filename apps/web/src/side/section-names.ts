/** The parts of the list of rooms, in their order. */
export const SECTIONS = ['unread', 'favourites', 'rooms', 'direct'] as const;
export type SectionName = (typeof SECTIONS)[number];
