export { answeredWithin } from './answered-within';
export { RedisConnection } from './redis-connection';
