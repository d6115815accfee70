export { backoffMs } from './backoff.rules';
export { type LogPage, RoomFeed, type RoomFeedOptions } from './room-feed';
