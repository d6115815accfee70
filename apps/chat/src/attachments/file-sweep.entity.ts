import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A content that may be referred to by nothing any more. */
@Entity({ schema: 'chat', name: 'file_sweeps' })
export class FileSweepEntity {
  @PrimaryColumn('text') sha256!: string;

  /** When it is looked at: later than anything takes that has begun to use it. */
  @Column('timestamptz', { name: 'due_at' }) @Index('file_sweeps_due') dueAt!: Date;
}
