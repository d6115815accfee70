import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

@Entity({ schema: 'chat', name: 'members' })
@Check('members_bucket_check', 'bucket = get_byte(uuid_send(room_id), 15)')
@Check('members_level_check', `level IN ('all', 'mentions', 'nothing')`)
export class MemberEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' }) @Index('members_user_id') userId!: string;

  @Column('text') role!: 'member' | 'moderator' | 'owner';

  @Column('timestamptz', { name: 'joined_at' }) joinedAt!: Date;

  /** How far this member has read; goes back where they ask for it alone, and never beyond the room's last entry. */
  @Column('bigint', { name: 'read_seq', default: 0, transformer: SEQ }) readSeq!: number;

  /** Of what they are notified; null: as is usual for the kind of room. */
  @Column('text', { nullable: true }) level!: 'all' | 'mentions' | 'nothing' | null;

  @Column('boolean', { default: false }) muted!: boolean;

  /** null, where they have muted it: without an end. */
  @Column('timestamptz', { name: 'muted_until', nullable: true }) mutedUntil!: Date | null;

  @Column('boolean', { default: false }) favourite!: boolean;

  /** The room is out of their sight as long as it has no message with a greater number. */
  @Column('bigint', { name: 'hidden_seq', nullable: true, transformer: SEQ }) hiddenSeq!: number | null;

  /** How often they have changed what is theirs here, other than by reading on. */
  @Column('int', { default: 0 }) revision!: number;
}
