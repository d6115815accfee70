import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pinoHttp, { type Options } from 'pino-http';
import pino, { type DestinationStream, type LoggerOptions } from 'pino';
import { httpRequestIsOf, inRequest, requestIsOf } from './in-request';
import { logOptions } from './log-options';

const lines = (log: (logger: pino.Logger) => void): Record<string, unknown>[] => {
  const written: string[] = [];
  const { pinoHttp } = logOptions('info', 'chat', { write: (line) => written.push(line) });
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

  it('says on each line what runs in which process', () => {
    const [line] = lines((log) => log.info('hm'));
    expect(line).toMatchObject({
      service: 'chat',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      pid: process.pid,
    });
  });

  it('says on each line of a request whose it is, once that is known', () => {
    const found = lines((log) =>
      inRequest({ requestId: 'r', address: '192.0.2.7' }, () => {
        log.info('before');
        requestIsOf('olga', 'session');
        log.info('after');
      }),
    );
    const known = { requestId: 'r', address: '192.0.2.7' };
    expect(found).toMatchObject([known, { ...known, user: 'olga', session: 'session' }]);
    expect(found[0]).not.toHaveProperty('user');
  });

  it('tells of a request its method and path, and not what was searched for', () => {
    const req = { method: 'GET', url: '/api/v1/users?search=hunter22', headers: { cookie: 'x' } };
    expect(lines((log) => log.info({ req }))).toEqual([
      expect.objectContaining({ req: { method: 'GET', path: '/api/v1/users' } }),
    ]);
  });

  it('has a line for each request that is answered, and none for who asks whether all is well', async () => {
    const written: string[] = [];
    const { pinoHttp: given } = logOptions('info', 'gateway', { write: (line) => written.push(line) });
    const log = pinoHttp(...(given as [Options<IncomingMessage, ServerResponse>, DestinationStream]));
    const server = createServer((request, answer) => {
      log(request, answer);
      httpRequestIsOf(request, { address: '192.0.2.7', trace: 'of whoever asked' });
      answer.writeHead(request.url === '/broken' ? 500 : 200).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    for (const path of ['/health/live', '/good?search=hunter22', '/broken'])
      await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    server.close();
    const asker = { address: '192.0.2.7', trace: 'of whoever asked' };
    expect(written.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 30, req: { method: 'GET', path: '/good' }, res: { status: 200 }, ...asker },
      { level: 50, req: { method: 'GET', path: '/broken' }, res: { status: 500 }, ...asker },
    ]);
  });

  it('tells of an error where it came from', () => {
    const [line] = lines((log) => log.error({ err: new TypeError('no such thing') }));
    expect(line?.err).toMatchObject({
      type: 'TypeError',
      stack: expect.stringContaining('log-options.spec'),
    });
  });

  it('tells of a failed statement what failed, and not what people wrote', () => {
    const data = {
      query: "VALUES ('hunter22')",
      parameters: ['hunter22'],
      detail: 'Key (email)=(hunter22) already exists.',
      where: 'hunter22',
      hint: { deep: { down: 'hunter22' } },
    };
    const driverError = Object.assign(new Error('no such column'), { code: '42703', ...data });
    const failed = Object.assign(new Error('no such column'), { code: '42703', driverError, ...data });
    const [own, plain, caused] = lines((log) => {
      log.error({ err: failed }, 'unexpected error');
      log.error(failed);
      log.error({ err: new Error('no luck', { cause: failed }) });
    });
    expect(JSON.stringify([own, plain, caused])).not.toContain('hunter22');
    const kept = {
      type: 'Error',
      message: 'no such column',
      code: '42703',
      stack: expect.stringContaining('log-options.spec'),
    };
    expect(own?.err).toEqual(kept);
    expect(plain?.err).toEqual(kept);
    expect(caused?.err).toMatchObject({ message: 'no luck', cause: kept });
  });

  it('survives a cause that goes in circles, and what was thrown and is no error', () => {
    const circle = new Error('round');
    circle.cause = circle;
    const [first, second] = lines((log) => {
      log.error({ err: circle });
      log.error({ err: 'hm' });
    });
    expect(first?.err).toMatchObject({ message: 'round', cause: { message: 'round' } });
    expect(second?.err).toEqual({ type: 'string', message: 'hm' });
  });
});
