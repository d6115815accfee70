import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** A member of a room and one of its threads. Goes with the membership. */
@Entity({ schema: 'chat', name: 'thread_followers' })
@Index('thread_followers_user', ['userId', 'bucket', 'roomId', 'threadSeq'])
@Check('thread_followers_bucket_check', 'bucket = get_byte(uuid_send(room_id), 15)')
export class ThreadFollowerEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  /** The number of the message that the thread hangs on. */
  @PrimaryColumn('bigint', { name: 'thread_seq', transformer: SEQ }) threadSeq!: number;

  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  /** false: they have chosen not to, and nobody but they change that. */
  @Column('boolean') following!: boolean;

  /** How far they have read; goes back where they ask for it alone. */
  @Column('bigint', { name: 'read_seq', transformer: SEQ }) readSeq!: number;

  /** How often they have changed this in this membership, other than by reading on. */
  @Column('int', { default: 0 }) revision!: number;
}
