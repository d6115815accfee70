import type { EntryBody } from '../log/log.service';

export const edited = (target: number, text: string): EntryBody => ({
  $case: 'messageEdited',
  value: { target, text },
});

export const deleted = (target: number): EntryBody => ({ $case: 'messageDeleted', value: { target } });
