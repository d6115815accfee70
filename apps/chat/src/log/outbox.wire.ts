import { type Entry, SubscribeResponse } from '@veche/contracts';

type Body = NonNullable<SubscribeResponse['body']>;

/** Something may have been missed. */
export const RESYNC: SubscribeResponse = { body: { $case: 'resync', value: {} } };

/** What members' devices hear besides the log. */
export type Signal = Extract<Body, { $case: 'roomDeleted' }>;

/** The same, where it may get lost: they find it when they look the next time. */
export type Hint = Extract<Body, { $case: 'readMark' }>;

/** What a commit is to tell, by name: the numbers of its entries, and its signals. */
export interface OutboxPayload {
  readonly ranges: readonly { readonly roomId: string; readonly from: number; readonly to: number }[];
  readonly signals: readonly Signal[];
}

/** @param entries of each room in order of seq, without gaps */
export const toPayload = (
  entries: readonly { roomId: string; seq: number }[],
  signals: readonly Signal[],
): OutboxPayload => {
  const ranges = new Map<string, { roomId: string; from: number; to: number }>();
  for (const { roomId, seq } of entries)
    ranges.set(roomId, { roomId, from: ranges.get(roomId)?.from ?? seq, to: seq });
  return { ranges: [...ranges.values()], signals };
};

/** What a commit tells, as subscribers get it. */
export const toDeliveries = (entries: readonly Entry[], signals: readonly Signal[]): SubscribeResponse[] => {
  const batch: Body[] = entries.length > 0 ? [{ $case: 'entries', value: { entries: [...entries] } }] : [];
  return [...batch, ...signals].map((body) => ({ body }));
};

/** On the bus: who has told its own subscribers already, and what. */
export const ORIGIN_BYTES = 16;

export const toBusMessage = (origin: Uint8Array, delivery: SubscribeResponse): Uint8Array =>
  Buffer.concat([origin, SubscribeResponse.encode(delivery).finish()]);

export const originOf = (message: Uint8Array): Uint8Array => message.subarray(0, ORIGIN_BYTES);

export const deliveryOf = (message: Uint8Array): SubscribeResponse =>
  SubscribeResponse.decode(message.subarray(ORIGIN_BYTES));
