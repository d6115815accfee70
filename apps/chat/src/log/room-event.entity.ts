import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { SEQ } from './room.entity';
import type { ReactionColumn, StoredType } from './entry.wire';
import type { KeptAttachment } from './attachment.wire';
import type { KeptMention } from './mention.wire';
import type { KeptThread } from './thread.wire';

/** One entry of a room's log. */
@Entity({ schema: 'chat', name: 'room_events' })
@Index('room_events_messages', ['bucket', 'roomId', 'seq'], { where: "type = 'message.created'" })
@Index('room_events_client_id', ['bucket', 'roomId', 'actorId', 'clientId'], {
  unique: true,
  where: 'client_id IS NOT NULL',
})
@Index('room_events_pinned', ['bucket', 'roomId', 'pinnedAt'], { where: 'pinned_at IS NOT NULL' })
@Index('room_events_thread', ['bucket', 'roomId', 'threadSeq', 'seq'], { where: 'thread_seq IS NOT NULL' })
@Check('room_events_seq_check', 'seq > 0')
@Check('room_events_bucket_check', 'bucket = get_byte(uuid_send(room_id), 15)')
export class RoomEventEntity {
  @PrimaryColumn('smallint') bucket!: number;

  @PrimaryColumn('uuid', { name: 'room_id' }) roomId!: string;

  /** From 1 in each room, without gaps. */
  @PrimaryColumn('bigint', { transformer: SEQ }) seq!: number;

  /** A message that is in a thread alone has one of its own: it is nothing of the room's. */
  @Column('text') type!: StoredType;

  @Column('uuid', { name: 'actor_id' }) actorId!: string;

  /** The index is small and rough (BRIN): the table is almost in order of time. */
  @Column('timestamptz') @Index('room_events_at', { synchronize: false }) at!: Date;

  /** This and the next fourteen: messages only. */
  @Column('uuid', { name: 'message_id', nullable: true }) messageId!: string | null;

  @Column('text', { nullable: true }) text!: string | null;

  /** Unique for an author in a room, so that a retry is never a second message. */
  @Column('text', { name: 'client_id', nullable: true }) clientId!: string | null;

  @Column('bigint', { name: 'reply_to', nullable: true, transformer: SEQ }) replyTo!: number | null;

  /** Whom and what it names. Who is called is in chat.mentions too. */
  @Column('jsonb', { nullable: true }) mentions!: KeptMention[] | null;

  /** When its text was last changed. */
  @Column('timestamptz', { name: 'edited_at', nullable: true }) editedAt!: Date | null;

  /**
   * A deleted message has no text. Its client id is kept until its author's account is gone: a retry that comes late
   * must not say it again.
   */
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;

  /** Who reacted how, as the rows of chat.reactions have it: a page of history is read without them. null: nobody. */
  @Column('jsonb', { nullable: true }) reactions!: readonly ReactionColumn[] | null;

  /** The number of the newest entry that the reactions have in them. */
  @Column('bigint', { name: 'reactions_seq', nullable: true, transformer: SEQ }) reactionsSeq!: number | null;

  /** Who pinned it, and when: both or neither. */
  @Column('uuid', { name: 'pinned_by', nullable: true }) pinnedBy!: string | null;

  @Column('timestamptz', { name: 'pinned_at', nullable: true }) pinnedAt!: Date | null;

  /** The files that came with it, as chat.attachments has them. null: none. */
  @Column('jsonb', { nullable: true }) attachments!: readonly KeptAttachment[] | null;

  /** The number of the message that the thread hangs on in which it is. null: in none. */
  @Column('bigint', { name: 'thread_seq', nullable: true, transformer: SEQ }) threadSeq!: number | null;

  /** What there is in the thread that hangs on it. null: nobody ever replied. */
  @Column('jsonb', { nullable: true }) thread!: KeptThread | null;

  /** The number of the message that an entry is about. */
  @Column('bigint', { nullable: true, transformer: SEQ }) target!: number | null;

  /** What entries that are no messages say besides. The texts are in the messages alone. */
  @Column('jsonb', { nullable: true }) data!: Record<string, unknown> | null;
}
