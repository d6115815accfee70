import files from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ROOT } from '@veche/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm run build` leaves the web client. */
const BUILT = join(ROOT, 'dist/web');
/** What is answered by programs and for programs: an unknown path in there is a problem, not a page. */
const NOT_PAGES = /^\/(api|docs|docs-json|socket\.io|health|metrics|\.well-known)(\/|$)/;
/** Files with a hash of their content in the name. */
const NEVER_CHANGES = '/assets/';

/**
 * What the page may do: load what this origin serves, and talk to it. No inline script or style, nothing from
 * elsewhere, no frame around it, and no text that becomes markup (trusted types).
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  // the favicon with the number of what is unread is drawn, and so are placeholders; pictures are fetched with a token
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headersOf = (reply: FastifyReply, path: string): void => {
  void reply.header('content-security-policy', POLICY);
  void reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=()');
  void reply.header(
    'cache-control',
    path.includes(NEVER_CHANGES) ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
};

/** A browser that asks for a page; programs that ask for anything get their typed 404. */
const asksForPage = ({ method, url, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  (headers.accept ?? '').includes('text/html') &&
  !NOT_PAGES.test(url.split('?')[0] ?? '');

/**
 * Serves the web client at `/`. Its pages have addresses of their own (`/rooms/…`), which are routes in the
 * browser: all of them are the one page.
 */
export const serveWebClient = async (app: NestFastifyApplication, root = BUILT): Promise<void> => {
  // a gateway may be run from its sources, with the client served by Vite
  if (!existsSync(join(root, 'index.html'))) return;
  await app.register(files, {
    root,
    wildcard: false,
    preCompressed: true,
    globIgnore: ['**/*.{br,gz}'],
    cacheControl: false,
    setHeaders: headersOf,
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      if (request.is404 && asksForPage(request)) return reply.sendFile('index.html');
      return undefined;
    });
};
