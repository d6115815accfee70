import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SEQ } from '../log/room.entity';

/** How far a room's log is in the index. Who has the row locked is alone with the room's part of the index. */
@Entity({ schema: 'chat', name: 'search_cursors' })
export class SearchCursorEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  @Column('bigint', { name: 'indexed_seq', default: 0, transformer: SEQ }) indexedSeq!: number;
}
