import type { Attachment } from '@veche/protocol';
import { backOff } from '../backoff';
import { mayGoThrough, VecheError } from '../errors';
import { persistently } from '../persistently';
import type { Request } from './request';

/** How a file is uploaded. */
export interface UploadOptions {
  /** What it is called; the name of a `File` when left out. */
  name?: string;
  /** Told with each part that has arrived: how many bytes of how many. */
  onProgress?: (sent: number, size: number) => void;
  /** Gives the upload up; nothing of it is left at the server. */
  signal?: AbortSignal;
}

/** As the server tells of an upload. */
interface UploadState {
  id: string;
  offset: number;
  attachment?: Attachment;
}

/** What is sent at once: as much as takes some seconds, since a part that is cut is sent again. */
const PART_BYTES = { least: 64 * 1024, first: 512 * 1024, most: 8 * 1024 * 1024 };
const PART_MS = 3_000;

const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

const conflicts = (error: unknown): boolean =>
  error instanceof VecheError && error.code === 'upload_conflict';

/**
 * Uploads a file by tus, in parts that grow as the connection lets them. It goes on for as long as it takes where the
 * connection is lost or the server restarted, until it is given up.
 */
export const uploader =
  (request: Request) =>
  async (
    file: Blob,
    { name = (file as Partial<File>).name ?? '', onProgress, signal }: UploadOptions = {},
  ): Promise<Attachment> => {
    const { size } = file;
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-length': String(size),
      'upload-metadata': `filename ${base64(name)}`,
    };
    signal?.throwIfAborted();
    // not given up before there is an answer, which says what to remove
    const begun = await persistently(() => request<UploadState>('POST', '/uploads', { headers }));
    const path = `/uploads/${begun.id}`;
    let { offset, attachment } = begun;
    let part = PART_BYTES.first;
    const send = async (): Promise<void> => {
      const bytes = file.slice(offset, offset + part);
      const from = Date.now();
      await request<void>('PATCH', path, { bytes, headers: { 'upload-offset': String(offset) }, signal });
      offset += bytes.size;
      const quick = Date.now() - from < PART_MS / 2;
      part = Math.min(PART_BYTES.most, quick ? part * 2 : part);
      onProgress?.(offset, size);
    };
    const ask = async (): Promise<void> => {
      ({ offset, attachment } = await request<UploadState>('GET', path, { signal }));
      onProgress?.(offset, size);
    };
    let lost = false;
    for (let failures = 0; !attachment;) {
      try {
        signal?.throwIfAborted();
        if (lost || offset >= size) await ask();
        else await send();
        lost = false;
        failures = 0;
      } catch (error) {
        if (signal?.aborted) void persistently(() => request<void>('DELETE', path)).catch(() => undefined);
        if (signal?.aborted || !(mayGoThrough(error) || conflicts(error))) throw error;
        lost = true;
        part = Math.max(PART_BYTES.least, part / 4);
        await backOff(++failures);
      }
    }
    return attachment;
  };
