import type { Scope } from '@veche/access';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'auth', name: 'api_keys' })
export class ApiKeyEntity {
  @PrimaryColumn('uuid') id!: string;

  @Column('text') name!: string;

  @Column('text', { array: true }) scopes!: Scope[];

  /** What the secret begins with, to know it by. */
  @Column('text') hint!: string;

  /** SHA-256. */
  @Column('bytea', { name: 'secret_hash', unique: true }) secretHash!: Buffer;

  /** Of the secret before, for as long as it still works. */
  @Column('bytea', { name: 'previous_hash', nullable: true, unique: true }) previousHash!: Buffer | null;

  @Column('timestamptz', { name: 'previous_until', nullable: true }) previousUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;

  /** To about an hour. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true }) lastUsedAt!: Date | null;

  /** When it was made, rotated or revoked; what makes a change known that a process died before it told. */
  @Column('timestamptz', { name: 'changed_at' }) @Index() changedAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
