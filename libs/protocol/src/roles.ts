/** What an account may do on the whole server. */
export type Role = 'guest' | 'user' | 'moderator' | 'admin';

/** What a member may do in a room. */
export type RoomRole = 'member' | 'moderator' | 'owner';
