import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { SessionEntity } from './session.entity';

/** Only the hash is kept: who reads the table can renew nothing. */
@Entity({ schema: 'auth', name: 'refresh_tokens' })
export class RefreshTokenEntity {
  /** SHA-256 */
  @PrimaryColumn('bytea') hash!: Buffer;

  @Column('uuid', { name: 'session_id' }) @Index() sessionId!: string;

  /** The token that this one was exchanged for; null for the first of a session. */
  @Column('bytea', { name: 'parent_hash', nullable: true }) parentHash!: Buffer | null;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' }) @Index() expiresAt!: Date;

  /** When it, or a token that was handed out in its stead, was first used. */
  @Column('timestamptz', { name: 'retired_at', nullable: true }) retiredAt!: Date | null;

  @ManyToOne(() => SessionEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'session_id' })
  session?: Relation<SessionEntity>;
}
