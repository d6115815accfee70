import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  ATTACHMENTS,
  type CancelUploadResponse,
  type CreateUploadResponse,
  type DescribeUploadResponse,
  type FinishUploadResponse,
  type GetUploadResponse,
  type OpenAttachmentForResponse,
  type OpenAttachmentResponse,
} from '@veche/contracts';
import {
  CancelUploadDto,
  CreateUploadDto,
  DescribeUploadDto,
  FinishUploadDto,
  GetUploadDto,
  OpenAttachmentDto,
  OpenAttachmentForDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { AttachmentsService } from './attachments.service';

@Controller()
@RpcService(ATTACHMENTS)
export class AttachmentsController implements Handlers<typeof ATTACHMENTS.definition> {
  constructor(private readonly attachments: AttachmentsService) {}

  @Access('messages.send')
  createUpload(request: CreateUploadDto, call: Call): Promise<CreateUploadResponse> {
    return this.attachments.create(request, call);
  }

  @Access('messages.send')
  getUpload(request: GetUploadDto, call: Call): Promise<GetUploadResponse> {
    return this.attachments.get(request, call);
  }

  @Access('messages.send')
  cancelUpload(request: CancelUploadDto, call: Call): Promise<CancelUploadResponse> {
    return this.attachments.cancel(request, call);
  }

  @Access('service')
  describeUpload(request: DescribeUploadDto): Promise<DescribeUploadResponse> {
    return this.attachments.describe(request);
  }

  @Access('service')
  finishUpload(request: FinishUploadDto): Promise<FinishUploadResponse> {
    return this.attachments.finish(request);
  }

  @Access('messages.read')
  openAttachment(request: OpenAttachmentDto, call: Call): Promise<OpenAttachmentResponse> {
    return this.attachments.open(request, call);
  }

  @Access('service')
  openAttachmentFor(request: OpenAttachmentForDto): Promise<OpenAttachmentForResponse> {
    return this.attachments.openFor(request);
  }
}
