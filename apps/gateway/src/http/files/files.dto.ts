import { GetUploadDto } from '@veche/dto';

export class UploadPath extends GetUploadDto {}

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
