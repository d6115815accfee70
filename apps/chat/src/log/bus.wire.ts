import type { Message, Topic } from '@veche/bus';
import { Entry, SubscribeResponse } from '@veche/contracts';
import { shardOf } from './bucket.rules';
import { entrantOf } from './entry.wire';
import { toDeliveries } from './outbox.wire';

const DAY_MS = 86_400_000;
/** Entries of the log as they are, each by its room: what others may follow too, who come back within a day. */
export const entriesIn = (shard: number): Topic => ({ name: 'chat.entries', shard, keptMs: DAY_MS });
/** What else is told in rooms, by room. */
export const signalsIn = (shard: number): Topic => ({ name: 'chat.signals', shard });
/** What no replica can know the need for: who comes into a room, by user, and that everybody is to look. */
export const ARRIVALS: Topic = { name: 'chat.arrivals' };

/** Whose presence has changed: small, and for every gateway, because whom each one shows changes with every click. */
export const PRESENCE: Topic = { name: 'chat.presence' };

/** The key of what is for everybody: no id is empty. */
export const EVERYBODY = '';

export interface Publication {
  readonly topic: Topic;
  readonly messages: readonly Message[];
}

const encoded = (delivery: SubscribeResponse): Uint8Array => SubscribeResponse.encode(delivery).finish();

const addressesOf = (delivery: SubscribeResponse): [Topic, Message][] => {
  const { body } = delivery;
  switch (body?.$case) {
    case 'entries':
      return body.value.entries.flatMap((entry): [Topic, Message][] => {
        const { roomId } = entry;
        const whole = { key: roomId, value: Entry.encode(entry).finish() };
        const entrant = entrantOf(entry);
        const arrival: [Topic, Message][] =
          entrant === undefined
            ? []
            : [[ARRIVALS, { key: entrant, value: encoded(toDeliveries([entry], [])[0] ?? delivery) }]];
        return [[entriesIn(shardOf(roomId)), whole], ...arrival];
      });
    case 'readMark':
    case 'typing':
    case 'roomPreferencesChanged':
    case 'threadMarked':
    case 'roomDeleted': {
      const { roomId } = body.value;
      return [[signalsIn(shardOf(roomId)), { key: roomId, value: encoded(delivery) }]];
    }
    case 'preferencesChanged':
    case 'invitationChanged':
      return [[ARRIVALS, { key: body.value.userId, value: encoded(delivery) }]];
    case 'presenceChanged':
      return [[PRESENCE, { key: EVERYBODY, value: encoded(delivery) }]];
    case 'resync':
      return [[ARRIVALS, { key: EVERYBODY, value: encoded(delivery) }]];
    case 'serving':
    case undefined:
      return [];
  }
};

/** What is to be published of what is told, in its order for each room. */
export const toPublications = (deliveries: readonly SubscribeResponse[]): Publication[] => {
  const byTopic = new Map<string, { topic: Topic; messages: Message[] }>();
  for (const [topic, message] of deliveries.flatMap(addressesOf)) {
    const name = `${topic.name}.${topic.shard ?? ''}`;
    const publication = byTopic.get(name) ?? { topic, messages: [] };
    byTopic.set(name, publication);
    publication.messages.push(message);
  }
  return [...byTopic.values()];
};

/** @throws Error where one is not what its key says */
export const entriesOf = (messages: readonly Message[]): Entry[] =>
  messages.map(({ key, value }) => {
    const entry = Entry.decode(value);
    if (entry.roomId !== key) throw new Error('what came is no entry of the room that it is told of');
    return entry;
  });

export const deliveryOf = ({ value }: Message): SubscribeResponse => SubscribeResponse.decode(value);
