import type { UploadState } from '../../files/uploads.service';
import type { UploadDto } from './files.dto';

export const uploadToJson = ({ upload: { id, name, size, attachment }, offset }: UploadState): UploadDto => ({
  id,
  name,
  size,
  offset,
  ...(attachment && { attachment }),
});
