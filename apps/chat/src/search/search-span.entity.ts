import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** How many messages of a span of time were indexed, about: so a search knows how far back it looks at once. */
@Entity({ schema: 'chat', name: 'search_spans' })
export class SearchSpanEntity {
  @PrimaryColumn('int') span!: number;

  @Column('bigint', { transformer: SEQ }) messages!: number;
}
