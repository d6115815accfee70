import { Inject, Injectable } from '@nestjs/common';
import { type Attachment, ATTACHMENTS, type Upload } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { FileStore } from '@veche/files';
import type { CallContext, Client } from '@veche/rpc';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Looking } from './looking';

/** An upload, and how far it is. */
export interface UploadState {
  readonly upload: Upload;
  readonly offset: number;
}

/**
 * Takes the bytes of files. How far an upload is, is how many bytes of it are in the store, and whose it is, chat knows:
 * nothing is kept here, so that any gateway goes on with it, also after another has died.
 */
@Injectable()
export class UploadsService {
  /** Uploads of which all bytes are there, and which are being looked into here. */
  private readonly finishing = new Map<string, Promise<Attachment>>();

  constructor(
    @Inject(ATTACHMENTS.token) private readonly attachments: Client<typeof ATTACHMENTS.definition>,
    private readonly store: FileStore,
    private readonly looking: Looking,
  ) {}

  /** @throws AppError `file_too_large`, `storage_full` */
  async create(name: string, size: number, context: CallContext): Promise<Upload> {
    const { upload } = await this.attachments.createUpload({ name, size }, context);
    if (!upload) throw new Error('an answer came without its upload');
    return upload;
  }

  /**
   * How far an upload is; where all of it has come, with what it is.
   * @throws AppError `upload_not_found`, and as {@link receive}
   */
  async state(id: string, context: CallContext): Promise<UploadState> {
    const { upload } = await this.attachments.getUpload({ id }, context);
    if (!upload) throw new Error('an answer came without its upload');
    if (upload.attachment) return { upload, offset: upload.size };
    const offset = await this.store.received(id);
    return offset < upload.size ? { upload, offset } : this.finished(upload, context);
  }

  /**
   * Takes the bytes that follow those which are there. What has come stays, whatever happens to the rest.
   * @throws AppError `upload_conflict` where others are missing before them, `unreadable_picture` where it says it is a
   *   picture and cannot be read as one: then nothing of it is left
   */
  async receive(id: string, offset: number, bytes: Readable, context: CallContext): Promise<UploadState> {
    const { upload, offset: there } = await this.state(id, context);
    if (there !== offset) throw new AppError('upload_conflict');
    if (upload.attachment) return { upload, offset };
    const came = await this.append(upload, offset, bytes);
    return offset + came < upload.size ? { upload, offset: offset + came } : this.finished(upload, context);
  }

  /** @throws AppError `upload_not_found` */
  async cancel(id: string, context: CallContext): Promise<void> {
    await this.attachments.cancelUpload({ id }, context);
    await this.store.discard(id);
  }

  private async append({ id, size }: Upload, offset: number, bytes: Readable): Promise<number> {
    try {
      return await this.store.append(id, offset, bytes, size - offset);
    } catch (error) {
      if (error instanceof RangeError)
        throw new AppError('invalid_input', { detail: 'More bytes came than Upload-Length says' });
      // whoever sent them is gone, and comes again for what is missing
      if (bytes.destroyed && bytes.errored)
        throw new AppError('invalid_input', { detail: 'The connection was lost' });
      throw error;
    }
  }

  private async finished(upload: Upload, context: CallContext): Promise<UploadState> {
    const known = this.finishing.get(upload.id);
    const finishing = known ?? this.finish(upload, context).finally(() => this.finishing.delete(upload.id));
    if (!known) this.finishing.set(upload.id, finishing);
    return { upload: { ...upload, attachment: await finishing }, offset: upload.size };
  }

  /**
   * Whoever dies in here leaves all bytes of the upload, and the next who asks for it begins anew. The bytes that are
   * looked at and kept are a copy: nobody who still writes to the upload changes what others will get under its name.
   */
  private async finish(upload: Upload, { token, requestId, traceparent }: CallContext): Promise<Attachment> {
    const { id } = upload;
    // it may take longer than who asks for it waits
    const inName = { requestId, traceparent };
    const made: string[] = [];
    try {
      const copy = await this.store.scratch();
      made.push(copy);
      await this.copy(upload, copy);
      const seen = await this.looking.into(copy, await this.store.scratch());
      made.push(...seen.files.map(({ path }) => path));
      const { path, size } = seen.files.find(({ variant }) => variant === undefined) ?? {
        path: copy,
        size: upload.size,
      };
      const sha256 = await sha256Of(path);
      const attachment = { ...seen.details, id, name: upload.name, size };
      await this.attachments.describeUpload({ id, sha256, attachment }, inName);
      for (const { variant, path: file } of seen.files)
        if (variant) await this.store.put(sha256, file, variant);
      await this.store.put(sha256, path);
      const { attachment: there } = await this.attachments.finishUpload({ id, sha256 }, inName);
      if (!there) throw new Error('an answer came without its attachment');
      await this.store.discard(id);
      return there;
    } catch (error) {
      // it would be looked into again whenever somebody asks for it
      if (error instanceof AppError && error.code === 'unreadable_picture')
        await this.cancel(id, { ...(token !== undefined && { token }), ...inName });
      throw error;
    } finally {
      for (const path of made) await rm(path, { force: true });
    }
  }

  private async copy({ id, size }: Upload, to: string): Promise<void> {
    if (size === 0) return pipeline([], createWriteStream(to, { mode: 0o600 }));
    const from = createReadStream(this.store.uploaded(id), { end: size - 1 });
    await pipeline(from, createWriteStream(to, { mode: 0o600 }));
  }
}

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};
