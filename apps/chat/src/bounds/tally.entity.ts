import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often somebody has done something since a time. */
@Entity({ schema: 'chat', name: 'tallies' })
export class TallyEntity {
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: string;

  @PrimaryColumn('text') what!: 'rooms' | 'strangers';

  @Column('timestamptz') since!: Date;

  @Column('int') count!: number;
}
