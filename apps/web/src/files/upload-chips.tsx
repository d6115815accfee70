import { VecheError } from '@veche/client';
import { RotateCw, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { problemText } from '../app/problem';
import { useFormats, useMessages } from '../i18n/i18n';
import { IconButton } from '../ui/button';
import { FileName, ICONS } from './file-card';
import { kindOf } from './kinds';
import { removeUpload, retryUpload, type Upload } from './uploads';
import style from './uploads.module.css';

interface UploadChipsProps {
  roomId: string;
  uploads: readonly Upload[];
  /** One of them was taken away: the keyboard goes on where one writes. */
  onRemoved: () => void;
}

/** The files that the next message carries, and how far they are. */
export const UploadChips = ({ roomId, uploads, onRemoved }: UploadChipsProps): ReactNode => {
  const { files } = useMessages();
  return (
    <ul className={style.chips} aria-label={files.attached}>
      {uploads.map((upload) => (
        <Chip
          key={upload.key}
          upload={upload}
          onRetry={() => retryUpload(roomId, upload)}
          onRemove={() => {
            removeUpload(roomId, upload);
            onRemoved();
          }}
        />
      ))}
    </ul>
  );
};

interface ChipProps {
  upload: Upload;
  onRetry: () => void;
  onRemove: () => void;
}

const Chip = ({ upload, onRetry, onRemove }: ChipProps): ReactNode => {
  const messages = useMessages();
  const { files } = messages;
  const formats = useFormats();
  const why = useUploadProblem();
  const { file, preview, state, part, error } = upload;
  const Icon = ICONS[kindOf(file)];
  return (
    <li className={style.chip}>
      <span className={style.thumb}>
        {preview ? <img src={preview} alt="" /> : <Icon size={18} aria-hidden />}
      </span>
      <span className={style.what}>
        <FileName name={file.name} />
        {state === 'failed' ? (
          <span className={style.problem} role="alert">
            {why(error)}
          </span>
        ) : state === 'uploading' ? (
          <progress className={style.progress} max={1} value={part} aria-label={files.progress(file.name)} />
        ) : (
          <span className={style.size}>{formats.bytes(file.size)}</span>
        )}
      </span>
      {state === 'failed' && (
        <IconButton label={files.retry(file.name)} onPress={onRetry}>
          <RotateCw size={15} />
        </IconButton>
      )}
      <IconButton label={files.remove(file.name)} onPress={onRemove}>
        <X size={15} />
      </IconButton>
    </li>
  );
};

/** Why a file cannot be uploaded, with how much could be. */
const useUploadProblem = (): ((error: unknown) => string) => {
  const messages = useMessages();
  const formats = useFormats();
  return (error) => {
    const { code, left } = error instanceof VecheError ? error : {};
    if (code === 'file_too_large' && left !== undefined) return messages.files.tooLarge(formats.bytes(left));
    if (code === 'storage_full' && left !== undefined) return messages.files.storageFull(formats.bytes(left));
    return problemText(error, messages);
  };
};

/** Why what was written cannot be sent yet; nothing where it can. */
export const useHoldUp = (uploads: readonly Upload[]): string => {
  const { files } = useMessages();
  if (uploads.some(({ state }) => state === 'failed')) return files.someFailed;
  const there = uploads.filter(({ state }) => state === 'there').length;
  return there < uploads.length ? files.uploading(there, uploads.length) : '';
};
