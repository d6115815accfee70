import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Somebody with a connection to a gateway. */
@Entity({ schema: 'chat', name: 'presence' })
export class PresenceEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  @Index('presence_of_gateway')
  @PrimaryColumn('uuid', { name: 'gateway_id' })
  gatewayId!: string;

  /** Whether all of their connections to it are. */
  @Column('boolean') idle!: boolean;
}
