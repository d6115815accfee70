import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A gateway process, and when it has last said who is connected to it. */
@Entity({ schema: 'chat', name: 'gateways' })
export class GatewayEntity {
  @PrimaryColumn('uuid') id!: string;

  @Column('timestamptz', { name: 'seen_at' }) seenAt!: Date;
}
