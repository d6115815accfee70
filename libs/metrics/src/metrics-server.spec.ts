import { Logger } from '@nestjs/common';
import { eventually, freePort } from '@veche/testing';
import { createServer } from 'node:http';
import { counter } from '.';
import { MetricsServer } from './metrics-server';

describe('the server of metrics', () => {
  const servers: MetricsServer[] = [];
  const open = (port: number, host = '127.0.0.1'): MetricsServer => {
    const server = new MetricsServer(host, port, 20);
    servers.push(server);
    server.open();
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    jest.restoreAllMocks();
  });
  const get = (port: number, path = '/metrics', method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${path}`, { method });
  const told = (port: number) => eventually(() => get(port).then(({ ok }) => ok));

  it('tells metrics, and nothing else', async () => {
    const port = await freePort();
    counter('veche_test_scraped_total', 'Scraped.').inc();
    open(port);
    await told(port);
    const answer = await get(port);
    expect(answer.headers.get('content-type')).toContain('version=0.0.4');
    expect(await answer.text()).toContain('\nveche_test_scraped_total 1\n');
    for (const [path, method, status] of [
      ['/', 'GET', 404],
      ['/metrics/more', 'GET', 404],
      ['/metrics', 'POST', 405],
    ] as const) {
      const refused = await get(port, path, method);
      expect([path, method, refused.status, await refused.text()]).toEqual([path, method, status, '']);
    }
  });

  it('waits for an address that is taken, and says so once', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const port = await freePort();
    const other = createServer((_request, answer) => answer.writeHead(503).end());
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const tried = jest.spyOn(MetricsServer.prototype, 'open');
    open(port);
    await eventually(() => tried.mock.calls.length > 3);
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
    await told(port);
    expect(warned.mock.calls.map(([line]) => line as string)).toEqual([
      expect.stringContaining(`no metrics at 127.0.0.1:${port} until it is free`),
    ]);
  });

  it('leaves its address when it is closed, whoever still holds a connection', async () => {
    const port = await freePort();
    const server = open(port);
    await told(port);
    await server.close();
    await expect(get(port)).rejects.toThrow();
    const again = open(port);
    await again.close();
    await expect(get(port)).rejects.toThrow();
  });
});
