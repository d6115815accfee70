import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** A message as searches know it. The text itself is in the log alone. */
@Entity({ schema: 'chat', name: 'search_index' })
export class SearchableEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @PrimaryColumn('bigint', { transformer: SEQ }) seq!: number;

  @Column('timestamptz') at!: Date;

  /** The index (GIN) has the room, the author and the time in it too: see lexemes.ts. */
  @Column('tsvector') @Index('search_index_words', { synchronize: false }) words!: string;
}
