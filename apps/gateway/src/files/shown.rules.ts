/**
 * What browsers may show by itself: pictures that this server has written itself, and sound and video, which run nothing.
 * Everything else is bytes to be saved, whatever it says it is.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/quicktime',
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/ogg',
  'audio/ogg; codecs=opus',
  'audio/wav',
  'audio/webm',
  'audio/flac',
  'audio/x-flac',
]);

const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** `Content-Disposition` (RFC 6266): for old readers in ASCII, for all others as it is. */
const disposition = (how: 'inline' | 'attachment', name: string): string =>
  `${how}; filename="${name.replace(/[^\x20-\x7e]|["\\%]/g, '_')}"; filename*=UTF-8''${encoded(name)}`;

/** The headers that keep a file from ever being more than a file. */
export const headersOf = (type: string, name: string): Record<string, string> => {
  const shown = SHOWN.has(type);
  return {
    'content-type': shown ? type : 'application/octet-stream',
    'content-disposition': disposition(shown ? 'inline' : 'attachment', name),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    // who may read it is asked each time; what has not changed is not sent again
    'cache-control': 'private, no-cache',
  };
};
