import type { Attachment, StoredFile, Upload } from '@veche/contracts';
import { toAttachment } from '../log/attachment.wire';
import type { Details } from './attachment.entity';

/** A row of chat.attachments as queries give it. */
export interface FileRow {
  readonly id: string;
  readonly ownerId: string;
  readonly roomId: string | null;
  readonly name: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly details: Details | null;
  readonly isReady: boolean;
}

/** undefined while its bytes are not there. */
export const attachmentOf = ({ id, name, size, details, isReady }: FileRow): Attachment | undefined =>
  isReady && details ? toAttachment({ ...details, id, name, size }) : undefined;

export const uploadOf = (row: FileRow): Upload => ({
  id: row.id,
  name: row.name,
  size: row.size,
  attachment: attachmentOf(row),
});

export const storedFileOf = (row: FileRow): StoredFile => ({
  sha256: row.sha256 ?? '',
  attachment: attachmentOf(row),
});

/** What is kept of a description: field by field, since it goes into every message that shows it. */
export const detailsOf = ({
  type,
  width,
  height,
  duration,
  placeholder,
  thumbnails,
}: Attachment): Details => ({
  type,
  ...(width !== undefined && { width }),
  ...(height !== undefined && { height }),
  ...(duration !== undefined && { duration }),
  ...(placeholder !== undefined && { placeholder }),
  thumbnails,
});
