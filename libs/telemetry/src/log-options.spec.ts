import { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Options } from 'pino-http';
import pino, { type DestinationStream, type LoggerOptions } from 'pino';
import { logOptions } from './log-options';

const lines = (log: (logger: pino.Logger) => void): Record<string, unknown>[] => {
  const written: string[] = [];
  const { pinoHttp } = logOptions('info', { write: (line) => written.push(line) });
  log(pino(...(pinoHttp as [LoggerOptions & Options<IncomingMessage, ServerResponse>, DestinationStream])));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('the log', () => {
  it.each([
    { password: 'hunter22' },
    { body: { password: 'hunter22' } },
    { req: { headers: { authorization: 'Bearer hunter22', cookie: 'refresh=hunter22' } } },
    { res: { headers: { 'set-cookie': ['refresh=hunter22'] } } },
    { answer: { tokens: { accessToken: 'hunter22', refreshToken: 'hunter22' } } },
  ])('keeps secrets out of %j', (what) => {
    expect(JSON.stringify(lines((log) => log.info(what, 'hm')))).not.toContain('hunter22');
  });

  it('tells of a request its method and path, and not what was searched for', () => {
    const req = { method: 'GET', url: '/api/v1/users?search=hunter22', headers: { cookie: 'x' } };
    expect(lines((log) => log.info({ req }))).toEqual([
      expect.objectContaining({ req: { method: 'GET', path: '/api/v1/users' } }),
    ]);
  });

  it('tells of an error where it came from', () => {
    const [line] = lines((log) => log.error({ err: new TypeError('no such thing') }));
    expect(line?.err).toMatchObject({
      type: 'TypeError',
      stack: expect.stringContaining('log-options.spec'),
    });
  });
});
