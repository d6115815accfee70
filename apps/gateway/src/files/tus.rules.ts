/** The version of the protocol (https://tus.io/protocols/resumable-upload). */
export const TUS_VERSION = '1.0.0';
export const TUS_EXTENSIONS = 'creation,creation-with-upload,termination';

/** The type of the bodies that are bytes of an upload. */
export const OFFSET_STREAM = 'application/offset+octet-stream';

/** A whole number of bytes; undefined for anything else. */
export const bytesOf = (header: unknown): number | undefined => {
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) return undefined;
  return Number(header);
};

/**
 * The name of a file in `Upload-Metadata`: pairs of a key and its value in Base64, with commas between them.
 * @returns an empty name where there is none, or none in UTF-8
 */
export const nameIn = (metadata: unknown): string => {
  if (typeof metadata !== 'string') return '';
  const pairs = metadata.split(',').map((pair) => pair.trim().split(' '));
  for (const key of ['filename', 'name']) {
    const value = pairs.find(([name]) => name === key)?.[1];
    if (value) return Buffer.from(value, 'base64').toString('utf8').replaceAll('\0', '').toWellFormed();
  }
  return '';
};
