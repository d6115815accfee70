import type { Attachment } from '@veche/client';

/** What a file is to people: by its content, which the server has looked into, never by its name. */
export type Kind = 'picture' | 'video' | 'sound' | 'document' | 'archive' | 'file';

const DOCUMENT = /^application\/(pdf|rtf|epub\+zip|msword|vnd\.(ms-|oasis\.opendocument|openxmlformats-))/;
const ARCHIVE = /^application\/(x-)?(zip|gzip|bzip2|xz|zstd|tar|rar-compressed|7z-compressed|compress)$/;

export const kindOf = ({ type }: Pick<Attachment, 'type'>): Kind => {
  if (type.startsWith('image/')) return 'picture';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'sound';
  if (DOCUMENT.test(type)) return 'document';
  return ARCHIVE.test(type) ? 'archive' : 'file';
};

/** A picture that the server has written itself, with smaller ones: no other is shown as one. */
export interface Picture extends Attachment {
  width: number;
  height: number;
}

export const isPicture = (file: Attachment): file is Picture =>
  file.thumbnails.length > 0 && (file.width ?? 0) > 0 && (file.height ?? 0) > 0;

/** The pictures of messages, in their order. */
export const picturesIn = (said: readonly object[]): Picture[] =>
  said
    .flatMap((one) => ('attachments' in one ? ((one.attachments as Attachment[] | undefined) ?? []) : []))
    .filter(isPicture);

/** So large is one picture in a message, in pixels of CSS; what is very narrow is cut rather than a line. */
const MOST = { width: 384, height: 320 };
const LEAST = 48;

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** How much room a picture takes: as much as it has, as long as that is not too much. */
export const boxOf = ({ width, height }: Box): Box => {
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  const side = (length: number): number => Math.max(LEAST, Math.round(length * scale));
  return { width: side(width), height: side(height) };
};

/** What is shown a little larger than it is looks as sharp. */
const STRETCH = 1.25;

/**
 * The smallest of the smaller pictures that is sharp at a size.
 * @param box in pixels of CSS
 * @param density pixels of the screen for each of them
 */
export const thumbnailFor = ({ thumbnails }: Picture, box: Box, density: number): 'small' | 'large' => {
  const [small, large] = ['small', 'large'].map((size) => thumbnails.find((one) => one.size === size));
  const isEnough = small && small.width * STRETCH >= box.width * density;
  return large && !isEnough ? 'large' : 'small';
};

const EXTENSION = /^(.*[^.])(\.[\p{L}\p{N}]{1,10})$/su;

/** A name in two: what may be cut where there is no room for it, and what says what to open it with. */
export const splitName = (name: string): readonly [stem: string, extension: string] => {
  const [, stem = name, extension = ''] = EXTENSION.exec(name) ?? [];
  return [stem, extension];
};
