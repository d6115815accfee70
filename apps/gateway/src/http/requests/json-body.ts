import { AppError } from '@veche/errors';
import type { FastifyInstance } from 'fastify';

const utf8 = new TextDecoder('utf-8', { fatal: true });

const refused = (detail: string): AppError => new AppError('invalid_input', { detail });

/**
 * Bodies are JSON objects in UTF-8, and nothing else is read: no forms, which a page of another site can send
 * without being asked. No body at all is no object, for a handler to refuse.
 */
export const acceptJsonOnly = (server: FastifyInstance): void => {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null);
    let text: string;
    try {
      text = utf8.decode(body);
    } catch {
      return done(refused('The body is not UTF-8'));
    }
    return parse(request, text, (error, value) => {
      if (error) return done(error);
      const object = typeof value === 'object' && value !== null && !Array.isArray(value);
      return object ? done(null, value) : done(refused('The body must be a JSON object'));
    });
  });
};
