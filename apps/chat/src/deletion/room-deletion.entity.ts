import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** A room that is gone, of which something is still to be swept up. */
@Entity({ schema: 'chat', name: 'room_deletions' })
export class RoomDeletionEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  /** How long its log was. */
  @Column('bigint', { name: 'last_seq', transformer: SEQ }) lastSeq!: number;

  /** Up to which number it is swept. */
  @Column('bigint', { name: 'swept_seq', default: 0, transformer: SEQ }) sweptSeq!: number;

  /** From when on any replica may go on with it. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' }) dueAt!: Date;
}
