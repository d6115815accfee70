import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a username looks like that somebody has, or had: nobody else takes one that looks so. */
@Entity({ schema: 'auth', name: 'username_looks' })
export class UsernameLookEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) look!: string;

  /** Of an account that may be gone. */
  @Column('uuid', { name: 'user_id' }) @Index() userId!: string;

  /** null: it is in use */
  @Column('timestamptz', { name: 'kept_until', nullable: true }) @Index() keptUntil!: Date | null;
}
