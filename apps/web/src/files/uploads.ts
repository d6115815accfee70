import { type Attachment, MOST_ATTACHMENTS } from '@veche/client';
import { useSyncExternalStore } from 'react';
import { api } from '../session/session';

/** A file that the next message in a room is to carry. */
export interface Upload {
  readonly key: string;
  readonly file: File;
  /** Where a picture can be seen before it has arrived anywhere. */
  readonly preview: string | undefined;
  readonly state: 'uploading' | 'there' | 'failed';
  /** How much of it has arrived, from 0 to 1. */
  readonly part: number;
  readonly attachment?: Attachment;
  readonly error?: unknown;
}

/** More at once would leave the browser no connection for anything else. */
const AT_ONCE = 3;
const NONE: readonly Upload[] = [];

/** By room, for as long as this page is there: who goes to another room and comes back finds them. */
const rooms = new Map<string, readonly Upload[]>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();
let made = 0;

const uploadsIn = (roomId: string): readonly Upload[] => rooms.get(roomId) ?? NONE;

const put = (roomId: string, uploads: readonly Upload[]): void => {
  rooms.set(roomId, uploads);
  listeners.forEach((tell) => tell());
};

const change = (roomId: string, key: string, to: Partial<Upload>): void =>
  put(
    roomId,
    uploadsIn(roomId).map((one) => (one.key === key ? { ...one, ...to } : one)),
  );

const waiting: (() => void)[] = [];
let running = 0;
const inTurn = async (work: () => Promise<void>): Promise<void> => {
  if (running < AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
};

const begin = async (roomId: string, { key, file }: Upload): Promise<void> => {
  const stop = new AbortController();
  const { signal } = stop;
  stops.set(key, stop);
  await inTurn(async () => {
    if (signal.aborted) return;
    try {
      const onProgress = (sent: number, size: number): void =>
        change(roomId, key, { part: size > 0 ? sent / size : 1 });
      const attachment = await api.files.upload(file, { signal, onProgress });
      if (signal.aborted) return discard(attachment);
      change(roomId, key, { state: 'there', part: 1, attachment });
    } catch (error) {
      if (!signal.aborted) change(roomId, key, { state: 'failed', error });
    }
  });
};

/** What is in no message is gone after a day anyway. */
const discard = ({ id }: Attachment): void => void api.files.discard(id).catch(() => undefined);

const letGo = ({ key, preview }: Upload): void => {
  stops.delete(key);
  if (preview) URL.revokeObjectURL(preview);
};

/**
 * Begins to upload files for the next message in a room.
 * @returns how many of them a message has no room for
 */
export const addFiles = (roomId: string, files: readonly File[]): number => {
  const before = uploadsIn(roomId);
  const taken = files.slice(0, MOST_ATTACHMENTS - before.length).map((file): Upload => {
    const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined;
    return { key: String(++made), file, preview, state: 'uploading', part: 0 };
  });
  put(roomId, [...before, ...taken]);
  for (const upload of taken) void begin(roomId, upload);
  return files.length - taken.length;
};

export const retryUpload = (roomId: string, upload: Upload): void => {
  change(roomId, upload.key, { state: 'uploading', part: 0, error: undefined });
  void begin(roomId, upload);
};

/** Gives a file up, however far it is. */
export const removeUpload = (roomId: string, upload: Upload): void => {
  stops.get(upload.key)?.abort();
  if (upload.attachment) discard(upload.attachment);
  letGo(upload);
  put(
    roomId,
    uploadsIn(roomId).filter(({ key }) => key !== upload.key),
  );
};

/** What a message carries from now on. */
export const takeUploads = (roomId: string): Attachment[] => {
  const uploads = uploadsIn(roomId);
  uploads.forEach(letGo);
  put(roomId, NONE);
  return uploads.flatMap(({ attachment }) => attachment ?? []);
};

/** Whoever leaves this page sends nothing more. */
export const forgetUploads = (): void => {
  for (const [, stop] of stops) stop.abort();
  for (const [, uploads] of rooms) uploads.forEach(letGo);
  rooms.clear();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useUploads = (roomId: string): readonly Upload[] =>
  useSyncExternalStore(subscribe, () => uploadsIn(roomId));
