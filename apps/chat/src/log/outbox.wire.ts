import type { Entry, SubscribeResponse } from '@veche/contracts';

type Body = NonNullable<SubscribeResponse['body']>;

/** Something may have been missed. */
export const RESYNC: SubscribeResponse = { body: { $case: 'resync', value: {} } };

/** What members' devices hear besides the log. */
export type Signal = Extract<Body, { $case: 'roomDeleted' }>;

/** The same, where it may get lost: they find it when they look the next time. */
export type Hint = Extract<
  Body,
  {
    $case:
      | 'readMark'
      | 'typing'
      | 'presenceChanged'
      | 'roomPreferencesChanged'
      | 'preferencesChanged'
      | 'invitationChanged'
      | 'threadMarked';
  }
>;

/** What a commit is to tell besides entries of the log. */
export interface OutboxPayload {
  readonly signals: readonly Signal[];
}

/** What a commit tells, as subscribers get it. */
export const toDeliveries = (entries: readonly Entry[], signals: readonly Signal[]): SubscribeResponse[] => {
  const batch: Body[] = entries.length > 0 ? [{ $case: 'entries', value: { entries: [...entries] } }] : [];
  return [...batch, ...signals].map((body) => ({ body }));
};
