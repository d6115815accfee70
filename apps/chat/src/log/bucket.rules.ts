/** What rooms are divided into, wherever they are divided: on the bus, or among servers of a distributed database. */
export const BUCKETS = 256;

/** A room's bucket, from its id alone; `chat.bucket` in the database is the same function. */
export const bucketOf = (roomId: string): number => Number.parseInt(roomId.slice(-2), 16);

/** What the rooms' news are divided into on the bus: a few dozen, of whole buckets. */
export const SHARDS = 32;

export const shardOf = (roomId: string): number => bucketOf(roomId) % SHARDS;
