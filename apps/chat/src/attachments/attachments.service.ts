import { Injectable } from '@nestjs/common';
import { Config } from '@veche/config';
import type {
  Attachment,
  CreateUploadResponse,
  DescribeUploadResponse,
  FinishUploadResponse,
  GetUploadResponse,
  OpenAttachmentResponse,
} from '@veche/contracts';
import type {
  CreateUploadDto,
  DescribeUploadDto,
  FinishUploadDto,
  GetUploadDto,
  OpenAttachmentDto,
  OpenAttachmentForDto,
} from '@veche/dto';
import { AppError } from '@veche/errors';
import { tidyFileName } from '@veche/protocol';
import { type Call, callerOf } from '@veche/rpc';
import { v7 as uuid } from 'uuid';
import { StandingService } from '../members/standing.service';
import { judgeUpload, type Quota } from './attachment.rules';
import { attachmentOf, detailsOf, type FileRow, storedFileOf, uploadOf } from './attachment.wire';
import { AttachmentsRepository } from './attachments.repository';

const MB = 1_000_000;
/** How old the sum of all files may be that the server's bound is held against: it is a look at every row. */
const TOTAL_MS = 10_000;

/** Files in messages: who may upload how much, what became of it, and who may read it. The bytes are elsewhere. */
@Injectable()
export class AttachmentsService {
  private total: { at: number; used: Promise<number> } | undefined;

  constructor(
    private readonly repository: AttachmentsRepository,
    private readonly standings: StandingService,
    private readonly config: Config,
  ) {}

  /** @throws AppError `file_too_large`, `storage_full`, with how much is left */
  async create({ name, size }: CreateUploadDto, call: Call): Promise<CreateUploadResponse> {
    const ownerId = callerOf(call).userId;
    const file = { id: uuid(), ownerId, name: tidyFileName(name), size };
    const all = await this.quotaOfAll();
    await this.repository.transaction(async (tx) => {
      await this.repository.lockOwner(tx, ownerId);
      const used = await this.repository.usedBy(tx, ownerId);
      const own = { used, most: this.config.FILES_PER_USER_MB * MB };
      const verdict = judgeUpload(size, this.config.FILE_MAX_MB * MB, own, all);
      if (verdict !== 'allowed') {
        const { code, left, detail } = verdict;
        throw new AppError(code, { left, detail });
      }
      await this.repository.create(tx, file);
    });
    return { upload: { id: file.id, name: file.name, size, attachment: undefined } };
  }

  /** @throws AppError `upload_not_found` */
  async get({ id }: GetUploadDto, call: Call): Promise<GetUploadResponse> {
    const row = await this.repository.find(id);
    if (row?.ownerId !== callerOf(call).userId) throw new AppError('upload_not_found');
    return { upload: uploadOf(row) };
  }

  /** @throws AppError `upload_not_found` */
  async cancel({ id }: GetUploadDto, call: Call): Promise<Record<string, never>> {
    if (!(await this.repository.cancel(id, callerOf(call).userId))) throw new AppError('upload_not_found');
    return {};
  }

  /** For the gateway that has looked at the bytes. @throws AppError `upload_not_found` */
  async describe({ id, sha256, attachment }: DescribeUploadDto): Promise<DescribeUploadResponse> {
    if (!attachment) throw new AppError('invalid_input', { detail: 'There is no description' });
    const details = detailsOf(attachment);
    if (!(await this.repository.describe(id, sha256, attachment.size, details)))
      throw new AppError('upload_not_found');
    return {};
  }

  /** For the gateway that has put the bytes into the store. @throws AppError `upload_not_found` */
  async finish({ id, sha256 }: FinishUploadDto): Promise<FinishUploadResponse> {
    const row = await this.repository.finish(id, sha256);
    if (!row) throw new AppError('upload_not_found');
    return { attachment: attachmentOf(row) };
  }

  /**
   * Those of the caller's files that are there. What is missing is told with the write: the message may have been sent
   * before, and its files be gone with it.
   */
  async find(ids: readonly string[], call: Call): Promise<Attachment[]> {
    const rows = await this.repository.findReady(ids, callerOf(call).userId);
    return rows.flatMap((row) => attachmentOf(row) ?? []);
  }

  /** @throws AppError `attachment_not_found`, or why the caller may not read in its room */
  async open({ id }: OpenAttachmentDto, call: Call): Promise<OpenAttachmentResponse> {
    const { userId, role } = callerOf(call);
    return { file: storedFileOf(await this.readable(id, { userId, role })) };
  }

  /** For a gateway, on behalf of somebody who had asked it for a link. @throws AppError as {@link open} */
  async openFor({ id, userId }: OpenAttachmentForDto): Promise<OpenAttachmentResponse> {
    return { file: storedFileOf(await this.readable(id, { userId, role: 'guest' })) };
  }

  /** An account is going: so does what it has uploaded and not sent. */
  forget(userId: string): Promise<void> {
    return this.repository.forget(userId);
  }

  private async readable(id: string, who: Parameters<StandingService['forReading']>[2]): Promise<FileRow> {
    const row = await this.repository.find(id);
    if (!row?.isReady) throw new AppError('attachment_not_found');
    if (row.roomId !== null) await this.standings.forReading('read', row.roomId, who);
    else if (row.ownerId !== who.userId) throw new AppError('attachment_not_found');
    return row;
  }

  private async quotaOfAll(): Promise<Quota | undefined> {
    const { FILES_TOTAL_MB: most } = this.config;
    if (most === undefined) return undefined;
    if (!this.total || this.total.at < performance.now() - TOTAL_MS) {
      const used = this.repository.usedByAll();
      this.total = { at: performance.now(), used };
      used.catch(() => (this.total = undefined));
    }
    return { used: await this.total.used, most: most * MB };
  }
}
