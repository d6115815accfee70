import type { StoredFile } from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { FileStore, Variant } from '@veche/files';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { partOf } from '../../files/range.rules';
import { headersOf } from '../../files/shown.rules';

/** What of a file is to be sent. */
export interface Wanted {
  readonly variant?: Variant | undefined;
  /** Whether it is to be saved, also where it could be shown. */
  readonly download?: boolean | undefined;
}

/**
 * Answers with a file, or the part of it that the request asks for.
 * @throws AppError `attachment_not_found`, `range_not_satisfiable`
 */
export const sendFile = async (
  store: FileStore,
  { sha256, attachment }: StoredFile,
  request: FastifyRequest,
  reply: FastifyReply,
  { variant, download = false }: Wanted = {},
): Promise<void> => {
  const found = await store.open(sha256, variant);
  if (!found || !attachment) throw new AppError('attachment_not_found');
  const { size } = found;
  const { range, 'if-range': ifRange, 'if-none-match': known } = request.headers;
  const tag = `"${sha256}${variant ? `-${variant}` : ''}"`;
  const headers = headersOf(variant ? 'image/webp' : attachment.type, attachment.name);
  const disposition = headers['content-disposition'] ?? '';
  void reply.headers({
    ...headers,
    'content-disposition': download ? disposition.replace(/^inline/, 'attachment') : disposition,
    etag: tag,
    'accept-ranges': 'bytes',
  });
  if (known?.split(',').some((one) => one.trim() === tag)) return void reply.status(304).send();
  const part = ifRange === undefined || ifRange === tag ? partOf(range, size) : undefined;
  if (part === 'not_satisfiable') {
    void reply.header('content-range', `bytes */${size}`);
    throw new AppError('range_not_satisfiable');
  }
  if (part) void reply.status(206).header('content-range', `bytes ${part.first}-${part.last}/${size}`);
  void reply.header('content-length', part ? part.last - part.first + 1 : size);
  void reply.send(request.method === 'HEAD' ? Readable.from([]) : found.stream(part));
};
