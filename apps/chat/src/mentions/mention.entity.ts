import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** A message calls somebody. What is unread of it is counted here, and the message itself says the same. */
@Entity({ schema: 'chat', name: 'mentions' })
@Index('mentions_user', ['userId', 'bucket', 'roomId', 'seq'])
@Check('mentions_bucket_check', 'bucket = get_byte(uuid_send(room_id), 15)')
export class MentionEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  /** The number of the message. */
  @PrimaryColumn('bigint', { transformer: SEQ }) seq!: number;

  /** Who is called; all zeros: everybody in the room. */
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  /** Who calls: nobody is called by themselves. */
  @Column('uuid', { name: 'author_id' }) authorId!: string;
}
