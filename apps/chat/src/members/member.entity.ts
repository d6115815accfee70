import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { RoomEntity, SEQ } from '../rooms/room.entity';

@Entity({ schema: 'chat', name: 'members' })
export class MemberEntity {
  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' }) @Index('members_user_id') userId!: string;

  @Column('text') role!: 'member' | 'moderator' | 'owner';

  @Column('timestamptz', { name: 'joined_at' }) joinedAt!: Date;

  /** How far this member has read; never goes back, never beyond the room's last entry. */
  @Column('bigint', { name: 'read_seq', default: 0, transformer: SEQ }) readSeq!: number;

  @ManyToOne(() => RoomEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'room_id', foreignKeyConstraintName: 'members_room_id_fkey' })
  room?: Relation<RoomEntity>;
}
