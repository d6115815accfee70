import type { SubscribeResponse } from '@veche/contracts';
import { Deliveries } from '../src/log/deliveries.service';
import type { Replica } from './replica';

export interface Hearing {
  readonly heard: SubscribeResponse[];
  /** Hears from then on what any replica commits in these rooms. */
  rooms(...roomIds: string[]): Promise<void>;
  /** Hears how these users come into rooms. */
  users(...userIds: string[]): void;
  stop(): void;
}

/** What a listener in the process of a replica hears. */
export const hearing = (replica: Replica, take?: (delivery: SubscribeResponse) => void): Hearing => {
  const deliveries = replica.get(Deliveries);
  const listener = deliveries.open();
  const heard: SubscribeResponse[] = [];
  listener.heard.subscribe((delivery) => {
    heard.push(delivery);
    take?.(delivery);
  });
  return {
    heard,
    rooms: (...roomIds) => deliveries.addRooms(listener, roomIds),
    users: (...userIds) => deliveries.addUsers(listener, userIds),
    stop: () => deliveries.remove(listener),
  };
};
