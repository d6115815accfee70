import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ExternalProfile } from './external-user.rules';

/** Whose account somebody is in another system. */
@Entity({ schema: 'auth', name: 'external_users' })
export class ExternalUserEntity {
  /** Of whom the id is: an issuer of tokens, or '' for the servers that have API keys. */
  @PrimaryColumn({ type: 'text', collation: 'C' }) namespace!: string;

  @PrimaryColumn({ type: 'text', name: 'external_id', collation: 'C' }) externalId!: string;

  /** null: the account is gone. */
  @Column('uuid', { name: 'user_id', nullable: true, unique: true }) userId!: string | null;

  /** What was last said of them there: only what changes is taken over, and not what changed here. */
  @Column('jsonb', { nullable: true }) told!: ExternalProfile | null;

  /** When the account went: what was signed before does not bring it back. */
  @Column('timestamptz', { name: 'gone_at', nullable: true }) @Index() goneAt!: Date | null;
}
