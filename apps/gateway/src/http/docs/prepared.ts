import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

interface Prepared {
  readonly plain: Buffer;
  readonly zipped: Buffer;
  readonly etag: string;
}

const prepare = (text: string): Prepared => {
  const plain = Buffer.from(text);
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return { plain, zipped: gzipSync(plain), etag: `W/"${hash}"` };
};

/**
 * Answers with a text that does not change while the process runs. It is made, compressed and hashed once, when somebody
 * first asks: these answers are large, and anybody may ask for them as often as they like.
 */
export const prepared = (
  type: string,
  make: () => string,
): ((request: FastifyRequest, reply: FastifyReply) => FastifyReply) => {
  let made: Prepared | undefined;
  return ({ headers }, reply) => {
    const { plain, zipped, etag } = (made ??= prepare(make()));
    void reply.headers({ etag, vary: 'accept-encoding', 'cache-control': 'no-cache' });
    if (headers['if-none-match'] === etag) return reply.status(304).send();
    void reply.type(type);
    if (!/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(headers['accept-encoding'] ?? ''))
      return reply.send(plain);
    return reply.header('content-encoding', 'gzip').send(zipped);
  };
};
