/** One entry of a room's log. Which of the fields below `at` are there depends on its type. */
export class EntryDto {
  /** @example "01890a5d-ac96-774b-bcce-b302099a8057" */
  roomId!: string;
  /**
   * Its number: 1, 2, 3 … in each room, without gaps.
   * @example 42
   */
  seq!: number;
  /**
   * What happened. `unknown` stands for what a newer server writes: skip it, its number counts.
   * @example "message.created"
   */
  type!:
    | 'message.created'
    | 'room.created'
    | 'room.updated'
    | 'member.joined'
    | 'member.left'
    | 'member.removed'
    | 'member.role'
    | 'messages.deleted'
    | 'unknown';
  /**
   * Who caused it.
   * @example "01890a5d-ac96-774b-bcce-b302099a8051"
   */
  actorId!: string;
  /** @example "2026-01-02T03:04:05.678Z" */
  at!: string;
  /**
   * message.created: the message's id.
   * @example "01890a5d-ac96-774b-bcce-b302099a8059"
   */
  id?: string;
  /**
   * message.created
   * @example "Hello!"
   */
  text?: string;
  /**
   * message.created: what the author's client chose.
   * @example "2b1c9a52-3f0e-4f7e-9f65-5d1a8e2b7c11"
   */
  clientId?: string;
  /** message.created: the number of the message that this one answers. */
  replyTo?: number;
  /**
   * message.created: when it was deleted. Its `text` and its `clientId` are empty.
   * @example "2026-01-02T03:04:05.678Z"
   */
  deletedAt?: string;
  /** room.updated: the new name, if it changed. */
  name?: string;
  /** room.updated: the new topic, if it changed. */
  topic?: string;
  /**
   * member.joined, member.left, member.removed, member.role: whom it happened to; messages.deleted: whose messages
   * with a smaller number were deleted, all of them, with their account.
   */
  userId?: string;
  /** member.role: their role from here on. */
  role?: 'member' | 'moderator' | 'owner';
}
