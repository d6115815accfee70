import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { ATTACHMENTS, type StoredFile } from '@veche/contracts';
import { AppError } from '@veche/errors';
import { FileStore } from '@veche/files';
import type { CallContext, Client } from '@veche/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdentifiedRequest } from '../../guards/caller';
import { FileLinks } from '../../files/file-links';
import { isoTime } from '../../iso-time';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { DownloadQuery, FileLinkDto, FilePath, ThumbnailPath, ThumbnailQuery } from './files.dto';
import { sendFile } from './send-file';

const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

@ApiTags('files')
@Controller('files/:id')
export class FilesController {
  constructor(
    @Inject(ATTACHMENTS.token) private readonly attachments: Client<typeof ATTACHMENTS.definition>,
    private readonly store: FileStore,
    private readonly links: FileLinks,
  ) {}

  /** A smaller picture of a picture, in WebP; animated where it is. */
  @Get('thumbnail')
  @ApiOkResponse({ description: 'The picture', content: { 'image/webp': BINARY } })
  @Fails('attachment_not_found', 'room_not_found', 'not_a_member')
  @Access('messages.read')
  async thumbnail(
    @Param() { id }: ThumbnailPath,
    @Query() { size = 'small' }: ThumbnailQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Ctx() ctx: CallContext,
  ): Promise<void> {
    const file = await this.open(id, ctx);
    const { thumbnails = [] } = file.attachment ?? {};
    if (thumbnails.length === 0) throw new AppError('attachment_not_found');
    const variant = thumbnails.some((one) => one.size === size) ? size : undefined;
    await sendFile(this.store, file, request, reply, { variant });
  }

  /**
   * The file itself, for members of the room that it is in, and for who uploaded it.
   * @remarks With `Range`, a part of it. Only pictures, sound and video have a type that browsers show; everything else
   * is to be saved. The name in the path is for people.
   */
  @Get(':name')
  @ApiOkResponse({ description: 'The file', content: { 'application/octet-stream': BINARY } })
  @Fails('attachment_not_found', 'room_not_found', 'not_a_member', 'range_not_satisfiable')
  @Access('messages.read')
  async get(
    @Param() { id }: FilePath,
    @Query() { download }: DownloadQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Ctx() ctx: CallContext,
  ): Promise<void> {
    await sendFile(this.store, await this.open(id, ctx), request, reply, { download });
  }

  /**
   * A link to the file for a few minutes, for a player or a download that cannot send an access token.
   * @remarks It is good for this file and this user alone, and only for as long as they may read it.
   */
  @Post('link')
  @HttpCode(200)
  @Fails('attachment_not_found', 'room_not_found', 'not_a_member')
  @Access('messages.read')
  async link(
    @Param() { id }: ThumbnailPath,
    @Req() request: IdentifiedRequest,
    @Ctx() ctx: CallContext,
  ): Promise<FileLinkDto> {
    const { attachment } = await this.open(id, ctx);
    const { principal } = request.caller;
    if (principal.kind !== 'user') throw new AppError('unauthenticated');
    const { key, expiresAt } = this.links.make({ id, userId: principal.userId });
    const name = encodeURIComponent(attachment?.name ?? 'file');
    return { url: `/api/v1/links/${key}/${name}`, expiresAt: isoTime(expiresAt) };
  }

  private async open(id: string, ctx: CallContext): Promise<StoredFile> {
    const { file } = await this.attachments.openAttachment({ id }, ctx);
    if (!file) throw new Error('an answer came without its file');
    return file;
  }
}
