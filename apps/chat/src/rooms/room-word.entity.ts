import { Entity, Index, PrimaryColumn } from 'typeorm';

/** A word of the name of a public room, as searches compare it. */
@Entity({ schema: 'chat', name: 'room_words' })
export class RoomWordEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) word!: string;

  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) @Index('room_words_room') roomId!: string;
}
