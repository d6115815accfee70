import type { RoleName } from '@veche/access';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'auth', name: 'users' })
export class UserEntity {
  @PrimaryColumn('uuid') id!: string;

  @Column('text') username!: string;

  /** The username without regard to case; what makes usernames unique, and what lists are sorted by. */
  @Column({ type: 'text', name: 'username_key', collation: 'C', unique: true }) usernameKey!: string;

  /** null where another system keeps the account and has named none. */
  @Column('text', { nullable: true }) email!: string | null;

  /** By which somebody signs in; null where there is no password. */
  @Column({ type: 'text', name: 'email_key', collation: 'C', unique: true, nullable: true })
  emailKey!: string | null;

  /** argon2id, with its salt and parameters in it; null where another system keeps the account. */
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;

  @Column('text', { name: 'display_name' }) displayName!: string;

  /** As searches compare it. */
  @Column({ type: 'text', name: 'display_name_key', collation: 'C' }) displayNameKey!: string;

  /** What it looks like: whether two people are shown alike. */
  @Column({ type: 'text', name: 'display_name_look', collation: 'C' }) @Index() displayNameLook!: string;

  @Column('text', { default: '' }) bio!: string;

  @Column('text') role!: RoleName;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;

  /** A disabled account cannot log in, and people don't find it. */
  @Column('timestamptz', { name: 'disabled_at', nullable: true }) disabledAt!: Date | null;

  /** When anything of it was last changed; what makes a change known that a process died before it told. */
  @Column('timestamptz', { name: 'changed_at', nullable: true }) @Index() changedAt!: Date | null;
}
