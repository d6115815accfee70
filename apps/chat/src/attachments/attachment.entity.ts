import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { KeptAttachment } from '../log/attachment.wire';
import { SEQ } from '../log/room.entity';

/**
 * A file: being uploaded, there and in no message yet, or in one. Its row goes with its message, and a trigger leaves its
 * content to be swept (chat.file_sweeps).
 */
@Entity({ schema: 'chat', name: 'attachments' })
@Index('attachments_owner', ['ownerId'])
@Index('attachments_message', ['roomId', 'seq'], { where: 'room_id IS NOT NULL' })
@Index('attachments_sha256', ['sha256'], { where: 'sha256 IS NOT NULL' })
@Index('attachments_loose', ['createdAt'], { where: 'room_id IS NULL' })
@Check('attachments_place_check', '(room_id IS NULL) = (seq IS NULL)')
@Check('attachments_ready_check', 'ready_at IS NULL OR (sha256 IS NOT NULL AND details IS NOT NULL)')
@Check('attachments_attached_check', 'room_id IS NULL OR ready_at IS NOT NULL')
export class AttachmentEntity {
  @PrimaryColumn('uuid') id!: string;

  @Column('uuid', { name: 'owner_id' }) ownerId!: string;

  /** The message that it is in: both or neither. */
  @Column('uuid', { name: 'room_id', nullable: true }) roomId!: string | null;

  @Column('bigint', { nullable: true, transformer: SEQ }) seq!: number | null;

  @Column('text') name!: string;

  /** How many bytes it is to have; once it is described, how many are kept. */
  @Column('bigint', { transformer: SEQ }) size!: number;

  /** Names its content in the store. Set before the bytes are there, so that nobody sweeps them. */
  @Column('text', { nullable: true }) sha256!: string | null;

  /** What the file is. */
  @Column('jsonb', { nullable: true }) details!: Details | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt!: Date;

  /** Since when its bytes are in the store. */
  @Column('timestamptz', { name: 'ready_at', nullable: true }) readyAt!: Date | null;
}

/** What an attachment says besides what has columns of its own. */
export type Details = Omit<KeptAttachment, 'id' | 'name' | 'size'>;
