import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What was committed, is no part of the log and has not been published yet: one row for one commit. */
@Entity({ schema: 'chat', name: 'outbox' })
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) id!: string;

  /** From when on any replica may publish it: the one that wrote it comes first. */
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;

  @Column('jsonb') payload!: unknown;
}
