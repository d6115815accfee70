import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What somebody says of themself, and when they were here the last time. */
@Entity({ schema: 'chat', name: 'statuses' })
@Index('statuses_that_end', ['until'], { where: 'until IS NOT NULL' })
@Check('statuses_availability_check', `availability IN ('away', 'dnd')`)
export class StatusEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  @Column('text', { nullable: true }) emoji!: string | null;

  @Column('text', { nullable: true }) text!: string | null;

  /** null: as their connections say */
  @Column('text', { nullable: true }) availability!: 'away' | 'dnd' | null;

  /** When all of it ends. */
  @Column('timestamptz', { nullable: true }) until!: Date | null;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_seen_at', nullable: true }) lastSeenAt!: Date | null;
}
