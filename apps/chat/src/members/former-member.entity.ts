import { Entity, Index, PrimaryColumn } from 'typeorm';

/** Who was a member of a room once, and may have left something there. */
@Entity({ schema: 'chat', name: 'former_members' })
export class FormerMemberEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @PrimaryColumn('uuid', { name: 'user_id' }) @Index('former_members_user_id') userId!: string;
}
