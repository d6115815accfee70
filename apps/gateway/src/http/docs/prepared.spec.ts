import fastify, { type FastifyInstance } from 'fastify';
import { gunzipSync } from 'node:zlib';
import { prepared } from './prepared';

describe('a text that does not change', () => {
  const text = JSON.stringify({ words: 'again and again '.repeat(1_000) });
  let made = 0;
  let server: FastifyInstance;
  beforeEach(() => {
    made = 0;
    server = fastify();
    const make = (): string => {
      made++;
      return text;
    };
    server.get('/text', prepared('application/json; charset=utf-8', make));
  });
  afterEach(() => server.close());
  const get = (headers: Record<string, string> = {}) => server.inject({ url: '/text', headers });

  it('is made once, when somebody asks, however often it is asked for', async () => {
    expect(made).toBe(0);
    for (let i = 0; i < 5; i++) expect((await get()).body).toBe(text);
    expect(made).toBe(1);
  });

  it.each(['gzip', 'gzip, deflate, br', 'br;q=1, gzip;q=0.5'])(
    'is small for who takes %s',
    async (accepted) => {
      const { headers, rawPayload } = await get({ 'accept-encoding': accepted });
      expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
      expect(rawPayload.length).toBeLessThan(text.length / 10);
      expect(gunzipSync(rawPayload).toString()).toBe(text);
    },
  );

  it.each(['', 'identity', 'br', 'gzip;q=0', 'gzip; q=0, br'])(
    'is plain for who takes %j',
    async (accepted) => {
      const { headers, body } = await get({ 'accept-encoding': accepted });
      expect([headers['content-encoding'], body]).toEqual([undefined, text]);
    },
  );

  it('is not sent again to who has it', async () => {
    const etag = String((await get()).headers.etag);
    const again = await get({ 'if-none-match': etag });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await get({ 'if-none-match': 'W/"another"' })).body).toBe(text);
  });
});
