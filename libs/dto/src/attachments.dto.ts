import type {
  CancelUploadRequest,
  CreateUploadRequest,
  DescribeUploadRequest,
  FinishUploadRequest,
  GetUploadRequest,
  OpenAttachmentForRequest,
  OpenAttachmentRequest,
} from '@veche/contracts';
import { IsInt, IsObject, Matches, Max, Min } from 'class-validator';
import { Id, Text } from './fields';

export class CreateUploadDto implements CreateUploadRequest {
  /**
   * What it is called; kept without folders and without what nobody sees.
   * @example "holiday.jpg"
   */
  @Text(0, 1024) name!: string;
  /**
   * How many bytes it has.
   * @example 182044
   */
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) size!: number;
}

export class GetUploadDto implements GetUploadRequest {
  @Id() id!: string;
}

export class CancelUploadDto implements CancelUploadRequest {
  @Id() id!: string;
}

export class DescribeUploadDto implements DescribeUploadRequest {
  @Id() id!: string;
  @Matches(/^[0-9a-f]{64}$/) sha256!: string;
  @IsObject() attachment!: DescribeUploadRequest['attachment'];
}

export class FinishUploadDto implements FinishUploadRequest {
  @Id() id!: string;
  @Matches(/^[0-9a-f]{64}$/) sha256!: string;
}

export class OpenAttachmentDto implements OpenAttachmentRequest {
  @Id() id!: string;
}

export class OpenAttachmentForDto implements OpenAttachmentForRequest {
  @Id() id!: string;
  @Id() userId!: string;
}
