/** A smaller picture of a picture. */
export interface Thumbnail {
  /** `small` or `large`, for `GET /files/{id}/thumbnail?size=`. */
  size: string;
  width: number;
  height: number;
}

/** A file that came with a message, as the server found it by looking into it. */
export interface Attachment {
  id: string;
  /** What its author called it. */
  name: string;
  /** In bytes. */
  size: number;
  /** The media type of its content; `application/octet-stream` where nobody knows better. */
  type: string;
  /** Of a picture, in pixels, as it is to be shown. */
  width?: number;
  height?: number;
  /** Of sound and video, in seconds, where it is known. */
  duration?: number;
  /** Of a picture: a few pixels of it as a data URL, to be shown until the rest is there. */
  placeholder?: string;
  /** Of a picture: the smaller ones that there are of it. */
  thumbnails: Thumbnail[];
}

/** How many files a message may have. */
export const MOST_ATTACHMENTS = 10;

/** A name of a file longer than this, in bytes of UTF-8, fits into no file system. */
const MOST_NAME_BYTES = 200;

const encoder = new TextEncoder();

/** What turns the reading direction around, or is not seen: `exe.gnp` would be read as `png.exe`. */
// eslint-disable-next-line no-control-regex -- they are what is taken out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * The name of a file as it is kept: its last part, without what no file system has or nobody sees, and short enough with
 * its extension left on.
 * @returns `file` where nothing is left
 */
export const tidyFileName = (given: string): string => {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const seen = last
    .replace(UNSEEN, '')
    .replace(/[<>:"|?*]/g, '_')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  const name = seen || 'file';
  if (encoder.encode(name).length <= MOST_NAME_BYTES) return name;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  let kept = '';
  let left = MOST_NAME_BYTES - extension.length;
  for (const character of name.slice(0, name.length - extension.length)) {
    left -= encoder.encode(character).length;
    if (left < 0) break;
    kept += character;
  }
  return `${kept}${extension}`;
};
