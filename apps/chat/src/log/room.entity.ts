import { Check, Column, Entity, Index, PrimaryColumn, type ValueTransformer } from 'typeorm';

/** Numbers of a log stay below 2^53; `pg` gives every bigint as text. */
export const SEQ: ValueTransformer = {
  from: (stored: string | null) => (stored === null ? null : Number(stored)),
  to: (value: unknown) => value,
};

export const ROOM_KINDS = ['public', 'private', 'direct'] as const;

@Entity({ schema: 'chat', name: 'rooms' })
@Check('rooms_bucket_check', 'bucket = get_byte(uuid_send(id), 15)')
@Index('rooms_name_key', ['nameKey', 'id'], { where: 'name_key IS NOT NULL' })
export class RoomEntity {
  /** `bucketOf` the id: every key of what belongs to a room begins with it. */
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid') id!: string;

  @Column('text') kind!: (typeof ROOM_KINDS)[number];

  /** null for direct rooms */
  @Column('text', { nullable: true }) name!: string | null;

  /** The name as searches compare it; what lists are sorted by. */
  @Column({ type: 'text', name: 'name_key', nullable: true, collation: 'C' }) nameKey!: string | null;

  @Column('text', { default: '' }) topic!: string;

  /** `<smaller user id>:<larger user id>` of a direct room: what makes it one for a pair. */
  @Column('text', { name: 'direct_key', nullable: true, unique: true }) directKey!: string | null;

  @Column('uuid', { name: 'created_by' }) createdBy!: string;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;

  /** The number of the newest entry of the room's log. */
  @Column('bigint', { name: 'last_seq', default: 0, transformer: SEQ }) lastSeq!: number;

  /** When its newest message was written, or itself made; kept by whoever moves `lastSeq`. */
  @Column('timestamptz', { name: 'last_at', default: () => 'now()' }) lastAt!: Date;

  /** Kept by whoever adds or takes members, in the same transaction. */
  @Column('int', { name: 'member_count', default: 0 }) memberCount!: number;
}
