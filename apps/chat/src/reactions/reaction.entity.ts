import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** Somebody's reaction to a message. The key begins with what a reader is asked for: what of a message is theirs. */
@Entity({ schema: 'chat', name: 'reactions' })
@Index('reactions_user', ['bucket', 'roomId', 'userId'])
@Check('reactions_bucket_check', 'bucket = get_byte(uuid_send(room_id), 15)')
export class ReactionEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  /** The number of the message. */
  @PrimaryColumn('bigint', { transformer: SEQ }) seq!: number;

  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  @PrimaryColumn('text') emoji!: string;

  /** The number of the entry that tells of it, in whose order they stand. */
  @Column('bigint', { name: 'event_seq', transformer: SEQ }) eventSeq!: number;
}
