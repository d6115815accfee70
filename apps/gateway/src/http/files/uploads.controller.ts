import {
  Controller,
  Delete,
  Get,
  Head,
  HttpCode,
  Options,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExcludeEndpoint,
  ApiHeader,
  ApiNoContentResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Access } from '@veche/access';
import { Config } from '@veche/config';
import { AppError } from '@veche/errors';
import type { CallContext } from '@veche/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bytesOf, nameIn, OFFSET_STREAM, TUS_EXTENSIONS, TUS_VERSION } from '../../files/tus.rules';
import { UploadsService, type UploadState } from '../../files/uploads.service';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { UploadDto, UploadPath } from './files.dto';
import { uploadToJson } from './upload.wire';

const requireTus = ({ headers }: FastifyRequest): void => {
  const { 'tus-resumable': version = TUS_VERSION } = headers;
  if (version !== TUS_VERSION)
    throw new AppError('invalid_input', { detail: `Tus-Resumable must be ${TUS_VERSION}` });
};

const isBytes = ({ headers }: FastifyRequest): boolean => headers['content-type'] === OFFSET_STREAM;

/** A body that was not read to its end keeps its connection from ever being closed: the answer is the last on it. */
const lastWhereRefused = async <T>(reply: FastifyReply, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    void reply.header('connection', 'close');
    throw error;
  }
};

/**
 * Uploads by the tus protocol (https://tus.io/protocols/resumable-upload, 1.0.0): one that was cut off goes on where it
 * was. A request takes half a minute at most; what came until then stays.
 */
@ApiTags('files')
@Controller('uploads')
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly config: Config,
  ) {}

  @Options()
  @ApiExcludeEndpoint()
  @HttpCode(204)
  @Access('public')
  options(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers({
      'tus-resumable': TUS_VERSION,
      'tus-version': TUS_VERSION,
      'tus-extension': TUS_EXTENSIONS,
      'tus-max-size': this.config.FILE_MAX_MB * 1_000_000,
    });
  }

  /**
   * Begin an upload.
   * @remarks `Upload-Length` says how many bytes it has, and `Upload-Metadata` how it is called (`filename`, in Base64).
   * A body of `application/offset+octet-stream` is the beginning of it, or all. What is in no message after a day is gone.
   */
  @Post()
  @ApiConsumes(OFFSET_STREAM)
  @ApiHeader({ name: 'Upload-Length', required: true, schema: { type: 'integer' } })
  @ApiHeader({ name: 'Upload-Metadata', required: false, schema: { type: 'string' } })
  @ApiBody({ required: false, schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ type: UploadDto, description: 'Begun; `Location` says where it goes on' })
  @Fails('file_too_large', 'storage_full', 'unreadable_picture', 'unsupported_media_type')
  @Access('messages.send')
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Ctx() ctx: CallContext,
  ): Promise<UploadDto> {
    requireTus(request);
    const { headers } = request;
    const size = bytesOf(headers['upload-length']);
    if (size === undefined)
      throw new AppError('invalid_input', { detail: 'Upload-Length must say how many bytes the file has' });
    const upload = await this.uploads.create(nameIn(headers['upload-metadata']), size, ctx);
    void reply.header('location', `/api/v1/uploads/${upload.id}`);
    const state = isBytes(request)
      ? await lastWhereRefused(reply, this.uploads.receive(upload.id, 0, request.raw, ctx))
      : size === 0
        ? await this.uploads.state(upload.id, ctx)
        : { upload, offset: 0 };
    this.tell(reply, state);
    return uploadToJson(state);
  }

  /** How far an upload is, in `Upload-Offset`. */
  @Head(':id')
  @HttpCode(200)
  @Fails('upload_not_found', 'unreadable_picture')
  @Access('messages.send')
  async offset(
    @Param() { id }: UploadPath,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Ctx() ctx: CallContext,
  ): Promise<void> {
    this.tell(reply, await this.uploads.state(id, ctx));
  }

  /** How far an upload is; once all of it is there, with the attachment that a message may carry. */
  @Get(':id')
  @Fails('upload_not_found', 'unreadable_picture')
  @Access('messages.send')
  async get(@Param() { id }: UploadPath, @Ctx() ctx: CallContext): Promise<UploadDto> {
    return uploadToJson(await this.uploads.state(id, ctx));
  }

  /**
   * Go on with an upload.
   * @remarks The body is what follows `Upload-Offset`; how far it is then is in the answer's. What has come stays where the
   * connection is lost.
   */
  @Patch(':id')
  @HttpCode(204)
  @ApiConsumes(OFFSET_STREAM)
  @ApiHeader({ name: 'Upload-Offset', required: true, schema: { type: 'integer' } })
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiNoContentResponse({ description: 'Taken' })
  @Fails('upload_not_found', 'upload_conflict', 'unreadable_picture', 'unsupported_media_type')
  @Access('messages.send')
  async append(
    @Param() { id }: UploadPath,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Ctx() ctx: CallContext,
  ): Promise<void> {
    requireTus(request);
    if (!isBytes(request)) throw new AppError('unsupported_media_type');
    const offset = bytesOf(request.headers['upload-offset']);
    if (offset === undefined)
      throw new AppError('invalid_input', { detail: 'Upload-Offset must say where the bytes belong' });
    this.tell(reply, await lastWhereRefused(reply, this.uploads.receive(id, offset, request.raw, ctx)));
  }

  /** Give an upload up, finished or not. What a message carries is not an upload any more. */
  @Delete(':id')
  @HttpCode(204)
  @Fails('upload_not_found')
  @Access('messages.send')
  async cancel(@Param() { id }: UploadPath, @Ctx() ctx: CallContext): Promise<void> {
    await this.uploads.cancel(id, ctx);
  }

  private tell(reply: FastifyReply, { upload, offset }: UploadState): void {
    void reply.headers({
      'tus-resumable': TUS_VERSION,
      'upload-offset': offset,
      'upload-length': upload.size,
    });
  }
}
