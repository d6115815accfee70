/** What rooms are divided into, wherever they are divided: into lanes of appending, or among servers. */
export const BUCKETS = 256;

/** A room's bucket, from its id alone; `chat.bucket` in the database is the same function. */
export const bucketOf = (roomId: string): number => Number.parseInt(roomId.slice(-2), 16);
