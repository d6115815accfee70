import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { ATTACHMENTS } from '@veche/contracts';
import { FileStore } from '@veche/files';
import type { Client } from '@veche/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FileLinks } from '../../files/file-links';
import { Fails } from '../docs/fails';
import { DownloadQuery, LinkPath } from './files.dto';
import { sendFile } from './send-file';

@ApiTags('files')
@Controller('links')
export class LinksController {
  constructor(
    @Inject(ATTACHMENTS.token) private readonly attachments: Client<typeof ATTACHMENTS.definition>,
    private readonly store: FileStore,
    private readonly links: FileLinks,
  ) {}

  /** A file by its link: for whom it was made, and while they may read it. */
  @Get(':key/:name')
  @ApiOkResponse({
    description: 'The file',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @Fails('attachment_not_found', 'room_not_found', 'not_a_member', 'range_not_satisfiable')
  @Access('public')
  async get(
    @Param() { key }: LinkPath,
    @Query() { download }: DownloadQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { file } = await this.attachments.openAttachmentFor(this.links.read(key), {
      requestId: request.id,
    });
    if (!file) throw new Error('an answer came without its file');
    // whoever has the link may use it on a page of their own
    void reply.header('cross-origin-resource-policy', 'cross-origin');
    await sendFile(this.store, file, request, reply, { download });
  }
}
