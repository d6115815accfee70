import type { Box } from './kinds';

/** A place on the screen, in pixels of CSS from the middle of where the picture is shown. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** How a picture is looked at: how much larger than fitted, and how far its middle is from the middle. */
export interface Look extends Place {
  readonly scale: number;
}

export const WHOLE: Look = { scale: 1, x: 0, y: 0 };
/** What one press on a key or a button makes larger, and two clicks. */
export const STEP = 1.5;
export const CLOSER = 2.5;
const MOST = 8;

/** As near as one may, and no further aside than where the picture ends. */
const within = ({ scale, x, y }: Look, picture: Box, room: Box): Look => {
  const free = (length: number, most: number): number => Math.max(0, (length * scale - most) / 2);
  const [freeX, freeY] = [free(picture.width, room.width), free(picture.height, room.height)];
  return { scale, x: Math.max(-freeX, Math.min(freeX, x)), y: Math.max(-freeY, Math.min(freeY, y)) };
};

/**
 * Makes a picture larger or smaller, where what is at a place stays there.
 * @param picture how large it is when it is shown whole
 */
export const zoomed = (look: Look, by: number, at: Place, picture: Box, room: Box): Look => {
  const scale = Math.max(1, Math.min(MOST, look.scale * by));
  const factor = scale / look.scale;
  const moved = (from: number, place: number): number => place + (from - place) * factor;
  return within({ scale, x: moved(look.x, at.x), y: moved(look.y, at.y) }, picture, room);
};

export const panned = (look: Look, by: Place, picture: Box, room: Box): Look =>
  within({ ...look, x: look.x + by.x, y: look.y + by.y }, picture, room);

/** A finger that goes at least so far means something by it. */
const SWIPE = 60;

/** What a finger means that has gone this way over a whole picture. */
export const swiped = ({ x, y }: Place): 'next' | 'previous' | 'close' | undefined => {
  if (Math.abs(x) > Math.abs(y)) return Math.abs(x) < SWIPE ? undefined : x < 0 ? 'next' : 'previous';
  return y > 2 * SWIPE ? 'close' : undefined;
};
