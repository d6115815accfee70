import type { EntryBody } from '../log/log.service';

/** The entry that tells of a pin, or that it was taken away. */
export const pinChanged = (target: number, on: boolean): EntryBody => ({
  $case: on ? 'messagePinned' : 'messageUnpinned',
  value: { target },
});
