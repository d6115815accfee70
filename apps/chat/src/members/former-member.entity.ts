import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who was a member of a room once, and may have left something there; and perhaps is asked to come back. */
@Entity({ schema: 'chat', name: 'former_members' })
@Check('former_members_invited_check', '(invited_by IS NULL) = (invited_at IS NULL)')
export class FormerMemberEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' }) @Index('former_members_user_id') userId!: string;

  /** They have left by themselves: whoever wants them back asks. */
  @Column('boolean', { name: 'by_choice', default: false }) byChoice!: boolean;

  /** Who asks them to come back; null: nobody. */
  @Column('uuid', { name: 'invited_by', nullable: true }) invitedBy!: string | null;

  @Column('timestamptz', { name: 'invited_at', nullable: true }) invitedAt!: Date | null;
}
