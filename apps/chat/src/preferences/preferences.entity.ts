import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { NotificationLevel } from './preference.rules';

/** Of what somebody is notified in rooms of which they have said nothing else; null: what is usual. */
@Entity({ schema: 'chat', name: 'preferences' })
@Check('preferences_public_level_check', `public_level IN ('all', 'mentions', 'nothing')`)
@Check('preferences_private_level_check', `private_level IN ('all', 'mentions', 'nothing')`)
@Check('preferences_direct_level_check', `direct_level IN ('all', 'mentions', 'nothing')`)
export class PreferencesEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  @Column('text', { name: 'public_level', nullable: true }) publicLevel!: NotificationLevel | null;

  @Column('text', { name: 'private_level', nullable: true }) privateLevel!: NotificationLevel | null;

  @Column('text', { name: 'direct_level', nullable: true }) directLevel!: NotificationLevel | null;
}
