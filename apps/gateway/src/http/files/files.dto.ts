import { GetUploadDto, OpenAttachmentDto, Optional, Text } from '@veche/dto';
import { IsBoolean, IsIn } from 'class-validator';
import { Flags } from '../requests/query';

export class UploadPath extends GetUploadDto {}

export class FilePath extends OpenAttachmentDto {
  /** What it is to be called; the file is found by its id alone. */
  @Text(1, 700) name!: string;
}

export class LinkPath {
  @Text(1, 200) key!: string;
  /** What it is to be called. */
  @Text(1, 700) name!: string;
}

export class ThumbnailPath extends OpenAttachmentDto {}

export class ThumbnailQuery {
  /** The larger one is there where the picture itself is larger still; else it is the picture. */
  @Optional() @IsIn(['small', 'large']) size?: 'small' | 'large';
}

@Flags('download')
export class DownloadQuery {
  /** Whether it is to be saved, also where browsers could show it. */
  @Optional() @IsBoolean() download?: boolean;
}

export class ThumbnailDto {
  /** @example "small" */
  size!: string;
  /** @example 400 */
  width!: number;
  /** @example 300 */
  height!: number;
}

export class AttachmentDto {
  id!: string;
  /** @example "holiday.jpg" */
  name!: string;
  /**
   * In bytes.
   * @example 182044
   */
  size!: number;
  /**
   * The media type of its content.
   * @example "image/jpeg"
   */
  type!: string;
  /**
   * Of a picture, in pixels.
   * @example 1600
   */
  width?: number;
  /** @example 1200 */
  height?: number;
  /** Of sound and video, in seconds, where it is known. */
  duration?: number;
  /** Of a picture: a few pixels of it, as a data URL. */
  placeholder?: string;
  /** Of a picture: the smaller ones that there are. */
  thumbnails!: ThumbnailDto[];
}

export class UploadDto {
  id!: string;
  /** @example "holiday.jpg" */
  name!: string;
  /**
   * How many bytes it is to have.
   * @example 182044
   */
  size!: number;
  /**
   * How many of them are there.
   * @example 182044
   */
  offset!: number;
  /** Once all of them are: what a message may carry. */
  attachment?: AttachmentDto;
}

export class FileLinkDto {
  /**
   * Where the file is, for a player or a download that cannot send an access token.
   * @example "/api/v1/links/01890a5d-ac96-774b-bcce-b302099a8057.f00/holiday.jpg"
   */
  url!: string;
  /** When the link ends, in ISO 8601. */
  expiresAt!: string;
}
