import type { Attachment } from '@veche/contracts';
import type * as protocol from '@veche/protocol';

/** As a row and JSON have it. */
export type KeptAttachment = protocol.Attachment;

export const toAttachment = ({ thumbnails, ...kept }: KeptAttachment): Attachment => ({
  width: undefined,
  height: undefined,
  duration: undefined,
  placeholder: undefined,
  ...kept,
  thumbnails: thumbnails.map((one) => ({ ...one })),
});
