import type { Mention } from '@veche/contracts';
import type { EntryBody } from '../log/log.service';

export const edited = (target: number, text: string, mentions: readonly Mention[] = []): EntryBody => ({
  $case: 'messageEdited',
  value: { target, text, mentions: [...mentions] },
});

export const deleted = (target: number): EntryBody => ({ $case: 'messageDeleted', value: { target } });
