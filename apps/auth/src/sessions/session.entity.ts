import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { UserEntity } from '../users/user.entity';
import type { EndReason } from './session.rules';

@Entity({ schema: 'auth', name: 'sessions' })
@Index(['userId', 'lastSeenAt'])
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

  @ManyToOne(() => UserEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user?: Relation<UserEntity>;
}
