import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An account that is gone from here, until it is certain to be gone from chat as well. */
@Entity({ schema: 'auth', name: 'deletions' })
export class DeletionEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  /** The sessions that went with it: their rows are gone, and who holds something open has to be told. */
  @Column('uuid', { name: 'session_ids', array: true }) sessionIds!: string[];

  @Column('timestamptz', { name: 'deleted_at' }) deletedAt!: Date;

  /** From when on any replica may tell chat. */
  @Column('timestamptz', { name: 'due_at' }) @Index() dueAt!: Date;

  /** When chat first said that nothing is left. */
  @Column('timestamptz', { name: 'confirmed_at', nullable: true }) confirmedAt!: Date | null;
}
