import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A process of chat, and how far it has told what it commits. */
@Entity({ schema: 'chat', name: 'replicas' })
export class ReplicaEntity {
  @PrimaryColumn('uuid') id!: string;

  /** Whatever it committed that is older than this was published. */
  @Column('timestamptz', { name: 'told_at' }) toldAt!: Date;

  /** When it has last said so. */
  @Column('timestamptz', { name: 'seen_at' }) seenAt!: Date;

  /** From when on any other may publish what was committed since. */
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
}
