import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What the name of a public room looks like: no other public room has one that looks so. */
@Entity({ schema: 'chat', name: 'room_looks' })
export class RoomLookEntity {
  @PrimaryColumn({ type: 'text', collation: 'C' }) look!: string;

  @Column('uuid', { name: 'room_id' }) @Index('room_looks_room') roomId!: string;
}
