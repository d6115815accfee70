export { answeredWithin } from './answered-within';
export { RedisConnection } from './redis-connection';
export { Seal } from './seal';
