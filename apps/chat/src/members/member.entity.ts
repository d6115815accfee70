import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

@Entity({ schema: 'chat', name: 'members' })
@Check('members_bucket_check', 'bucket = get_byte(uuid_send(room_id), 15)')
export class MemberEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' }) @Index('members_user_id') userId!: string;

  @Column('text') role!: 'member' | 'moderator' | 'owner';

  @Column('timestamptz', { name: 'joined_at' }) joinedAt!: Date;

  /** How far this member has read; never goes back, never beyond the room's last entry. */
  @Column('bigint', { name: 'read_seq', default: 0, transformer: SEQ }) readSeq!: number;
}
