import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../users/user.entity';
import type { UsedProof } from './proof.rules';
import type { UsedTurn } from './refresh-token';
import type { EndReason } from './session.rules';

@Entity({ schema: 'auth', name: 'sessions' })
@Index(['userId', 'lastSeenAt'])
@Index(['userId', 'issuedBy'], { unique: true, where: 'issued_by IS NOT NULL AND ended_at IS NULL' })
export class SessionEntity {
  @PrimaryColumn('uuid') id!: string;

  @Column('uuid', { name: 'user_id' }) userId!: string;

  /** The application that was logged in to: the audience of the session's tokens. */
  @Column('text', { name: 'app_id' }) appId!: string;

  @Column('text', { name: 'device_name' }) deviceName!: string;

  /** Where it was last renewed from. */
  @Column('text') ip!: string;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;

  /** When it began or was last renewed; calls in between are not written down. */
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt!: Date;

  /** Moves with each renewal. */
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;

  @Column('text', { name: 'end_reason', nullable: true }) endReason!: EndReason | null;

  /** SHA-256 of what all of its refresh tokens begin with; null where none was left when this was introduced. */
  @Column('bytea', { name: 'family_hash', nullable: true })
  @Index({ unique: true })
  familyHash!: Buffer | null;

  /** What the current refresh token is made of; null for the first. */
  @Column('text', { nullable: true }) turn!: string | null;

  /** The same of the one before, and of those that were used a moment ago; the last one first. */
  @Column('jsonb', { name: 'used_turns', default: [] }) usedTurns!: readonly UsedTurn[];

  /** How many answers have handed out tokens; each access token says which one brought it. */
  @Column('int', { default: 0 }) answer!: number;

  /** The first answer that brought the current refresh token. */
  @Column('int', { name: 'turn_answer', default: 0 }) turnAnswer!: number;

  /** Access tokens of earlier answers are void: who asked again did not get them. */
  @Column('int', { name: 'valid_from', default: 0 }) validFrom!: number;

  /** Whether the current refresh token is known to have arrived, or need not be known to. */
  @Column('boolean', { default: true }) answered!: boolean;

  /** Thumbprint (RFC 7638) of the key whose proof each renewal has to bring; null where there is none. */
  @Column('text', { name: 'device_key', nullable: true }) deviceKey!: string | null;

  /** Proofs that were used lately, and must not be again. */
  @Column('jsonb', { default: [] }) proofs!: readonly UsedProof[];

  /**
   * For whom it began without a login, an issuer of tokens or '' for servers with API keys; null where somebody has logged
   * in. There is one that lives of each for a user.
   */
  @Column({ type: 'text', name: 'issued_by', collation: 'C', nullable: true }) issuedBy!: string | null;

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user?: Relation<UserEntity>;
}
