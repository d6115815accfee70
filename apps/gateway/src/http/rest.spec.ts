import { Controller, Get, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@veche/config';
import { type Entry, type Grant, Role, type Room, RoomKind, RoomRole } from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { CallContext } from '@veche/rpc';
import { eventually } from '@veche/testing';
import { connect } from 'node:net';
import { CALLER_ID, startGateway } from '../../test/started-gateway';

const id = CALLER_ID;
const at = new Date('2026-01-02T03:04:05.678Z');
const user = {
  id,
  username: 'olga',
  email: 'olga@example.org',
  displayName: 'Olga',
  bio: '',
  role: Role.USER,
  createdAt: at,
};
const grant: Grant = {
  accessToken: 'access',
  expiresIn: 900,
  refreshToken: 'refresh',
  refreshExpiresIn: 3600,
  user,
  sessionId: id,
};
const room: Room = {
  id,
  kind: RoomKind.PUBLIC,
  name: 'General',
  topic: '',
  createdAt: at,
  createdBy: id,
  memberCount: 1,
  lastSeq: 1,
  userIds: [],
  role: RoomRole.OWNER,
};
const entry: Entry = {
  roomId: id,
  seq: 7,
  actorId: id,
  at,
  body: {
    $case: 'messageCreated',
    value: { id, text: 'Hello', clientId: 'c', mentions: [], reactions: [], attachments: [] },
  },
};

/** Stands in for auth and chat: keeps what it was called with, and answers what a test has told it to. */
class Services {
  calls: { method: string; request: unknown; context: CallContext }[] = [];
  answers: Record<string, unknown> = {};
  installation = '';

  answer(method: string, request: unknown, context: CallContext): unknown {
    if (method === 'getInstallation') return { id: this.installation };
    this.calls.push({ method, request, context });
    const answer = this.answers[method];
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
const services = new Services();

const start = (settings?: Partial<Config>, controllers?: Type[]): Promise<NestFastifyApplication> =>
  startGateway((...call) => services.answer(...call), settings, controllers);

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await start({ RATE_LIMIT: 100_000 });
});
afterAll(() => app.close());
beforeEach(() => {
  services.calls = [];
  services.answers = {};
  services.installation = id;
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever JSON the test expects
type Body = any;
type Call = Parameters<NestFastifyApplication['inject']>[0] & object;
const call = async (
  method: string,
  url: string,
  options: Omit<Call, 'method' | 'url'> = {},
  on: NestFastifyApplication = app,
): Promise<{ status: number; body: Body; headers: Record<string, unknown>; cookies: object[] }> => {
  const response = await on.inject({
    method: method as 'GET',
    url,
    ...options,
    headers: { authorization: 'Bearer user', ...options.headers },
  });
  const { statusCode: status, headers, cookies, payload } = response;
  return { status, headers, cookies, body: payload === '' ? undefined : JSON.parse(payload) };
};

const expectProblem = (
  { status, body, headers }: Awaited<ReturnType<typeof call>>,
  expectedStatus: number,
  code: string,
): void => {
  expect({ status, code: body.code }).toEqual({ status: expectedStatus, code });
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ type: 'about:blank', title: expect.any(String), status: expectedStatus });
  expect(body.requestId).toBe(headers['x-request-id']);
};

test('a page of many entries costs more than a call, however it is asked for', async () => {
  const strict = await start({ RATE_LIMIT: 15 });
  try {
    services.answers.listEvents = {
      entries: Array.from({ length: 1_000 }, () => entry),
      lastSeq: 7,
      complete: true,
    };
    const read = (name: string) =>
      call(
        'GET',
        `/api/v1/rooms/${id}/events`,
        { headers: { authorization: `Bearer user:${name}` } },
        strict,
      );
    // 10 for what is in it: the second was not known to be too much
    expect([(await read('clara')).status, (await read('clara')).status]).toEqual([200, 200]);
    const refused = await read('clara');
    expectProblem(refused, 429, 'rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await read('david')).status).toBe(200);
  } finally {
    await strict.close();
  }
});

describe('signing in', () => {
  const login = { login: 'olga', password: 'correct horse' };

  test('hands browsers the refresh token in a cookie that no script and no other site gets at', async () => {
    services.answers.login = { grant };
    const { status, body, cookies } = await call('POST', '/api/v1/auth/login', { payload: login });
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: 'access',
      expiresIn: 900,
      user: { ...user, role: 'user', createdAt: at.toISOString() },
    });
    expect(cookies).toEqual([
      {
        name: 'veche_refresh_01890a5d',
        value: 'refresh',
        httpOnly: true,
        sameSite: 'Strict',
        path: '/api/v1/auth',
        maxAge: 3600,
      },
    ]);
  });

  test('hands it out in the body, and in no cookie, where that is asked for', async () => {
    services.answers.register = { grant };
    const payload = { username: 'olga', email: 'olga@example.org', password: 'correct horse' };
    const { status, body, cookies } = await call('POST', '/api/v1/auth/register', {
      payload: { ...payload, tokenTransport: 'body' },
    });
    expect({ status, token: body.refreshToken, cookies }).toEqual({
      status: 201,
      token: 'refresh',
      cookies: [],
    });
  });

  test('renews the way the old token came', async () => {
    services.answers.refresh = { grant };
    const byCookie = await call('POST', '/api/v1/auth/refresh', {
      cookies: { veche_refresh_01890a5d: 'old' },
    });
    expect(services.calls[0]?.request).toEqual({ refreshToken: 'old' });
    expect(byCookie.cookies).toHaveLength(1);
    expect(byCookie.body.refreshToken).toBeUndefined();

    const byBody = await call('POST', '/api/v1/auth/refresh', { payload: { refreshToken: 'older' } });
    expect(services.calls[1]?.request).toEqual({ refreshToken: 'older' });
    expect(byBody.cookies).toHaveLength(0);
    expect(byBody.body.refreshToken).toBe('refresh');
  });

  test('without a refresh token renews nothing', async () => {
    expectProblem(await call('POST', '/api/v1/auth/refresh'), 401, 'unauthenticated');
    expect(services.calls).toEqual([]);
  });

  test('works with a stale access token at hand', async () => {
    services.answers.login = { grant };
    const headers = { authorization: 'Bearer stale' };
    expect((await call('POST', '/api/v1/auth/login', { payload: login, headers })).status).toBe(200);
  });

  test('is undone by logging out, cookie included', async () => {
    services.answers.logout = {};
    const { status, body, cookies } = await call('POST', '/api/v1/auth/logout');
    expect({ status, body }).toEqual({ status: 204, body: undefined });
    expect(cookies).toMatchObject([
      { name: 'veche_refresh_01890a5d', value: '', maxAge: 0, path: '/api/v1/auth' },
    ]);
  });

  test.each<[string, Partial<Config>, Record<string, string>]>([
    ['it is told so', { SECURE_COOKIES: true }, {}],
    ['a proxy that it trusts says so', { TRUST_PROXY: true }, { 'x-forwarded-proto': 'https' }],
  ])('by HTTPS is by a cookie that only this host can set, where %s', async (_how, settings, headers) => {
    services.answers = { login: { grant }, refresh: { grant }, logout: {} };
    const secure = await start(settings);
    const { cookies } = await call('POST', '/api/v1/auth/login', { payload: login, headers }, secure);
    const name = '__Host-veche_refresh_01890a5d';
    expect(cookies).toEqual([
      { name, value: 'refresh', httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 3600, secure: true },
    ]);
    await call('POST', '/api/v1/auth/refresh', { cookies: { [name]: 'old' }, headers }, secure);
    expect(services.calls.at(-1)?.request).toEqual({ refreshToken: 'old' });
    const left = await call('POST', '/api/v1/auth/logout', { headers }, secure);
    expect(left.cookies).toMatchObject([{ name, value: '', maxAge: 0, path: '/', secure: true }]);
    await secure.close();
  });

  test('by plain HTTP believes nobody who says that it was HTTPS', async () => {
    services.answers.login = { grant };
    const headers = { 'x-forwarded-proto': 'https' };
    const { cookies } = await call('POST', '/api/v1/auth/login', { payload: login, headers });
    expect(cookies).toMatchObject([{ name: 'veche_refresh_01890a5d' }]);
    expect(cookies[0]).not.toHaveProperty('secure');
  });

  test('at two installations on one host is in a cookie for each', async () => {
    services.answers = { login: { grant }, refresh: { grant } };
    services.installation = 'fedcba98-ac96-774b-bcce-b302099a8057';
    const other = await start();
    const theirs = await call('POST', '/api/v1/auth/login', { payload: login }, other);
    const ours = await call('POST', '/api/v1/auth/login', { payload: login });
    const names = [theirs, ours].map(({ cookies }) => (cookies[0] as { name: string }).name);
    expect(names).toEqual(['veche_refresh_fedcba98', 'veche_refresh_01890a5d']);
    const cookies = { veche_refresh_fedcba98: 'theirs', veche_refresh_01890a5d: 'ours' };
    await call('POST', '/api/v1/auth/refresh', { cookies }, other);
    await call('POST', '/api/v1/auth/refresh', { cookies });
    expect(services.calls.slice(-2).map(({ request }) => request)).toEqual([
      { refreshToken: 'theirs' },
      { refreshToken: 'ours' },
    ]);
    await other.close();
  });

  test('goes on with the cookie of before cookies were named by installation, and replaces it', async () => {
    services.answers = { refresh: { grant } };
    const before = { veche_refresh: 'old' };
    const renewed = await call('POST', '/api/v1/auth/refresh', { cookies: before });
    expect(services.calls[0]?.request).toEqual({ refreshToken: 'old' });
    expect(renewed.cookies).toMatchObject([
      { name: 'veche_refresh_01890a5d', value: 'refresh', maxAge: 3600 },
      { name: 'veche_refresh', value: '', maxAge: 0, path: '/api/v1/auth' },
    ]);
    await call('POST', '/api/v1/auth/refresh', { cookies: { ...before, veche_refresh_01890a5d: 'new' } });
    expect(services.calls[1]?.request).toEqual({ refreshToken: 'new' });
    // another installation's, it may be: it stays
    services.answers.refresh = new AppError('invalid_token');
    expect((await call('POST', '/api/v1/auth/refresh', { cookies: before })).cookies).toEqual([]);
  });

  test.each([
    ['the page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.org' }],
  ])('is not for %s', async (_who, headers) => {
    const answer = await call('POST', '/api/v1/auth/refresh', { headers, cookies: { veche_refresh: 'old' } });
    expectProblem(answer, 403, 'forbidden');
    expect(services.calls).toEqual([]);
  });
});

describe('a call', () => {
  test('carries the token, the request id, the address and a deadline', async () => {
    services.answers.getRoom = { room };
    await call('GET', `/api/v1/rooms/${id}`, { headers: { 'x-request-id': 'my-id' } });
    const context = services.calls[0]?.context;
    expect(context).toMatchObject({ token: 'user', requestId: 'my-id', clientIp: '127.0.0.1' });
    expect((context?.deadline ?? 0) - Date.now()).toBeGreaterThan(5_000);
  });

  test('gets a request id where the given one does not look like one', async () => {
    const { headers } = await call('GET', '/health/live', { headers: { 'x-request-id': 'a b\tc' } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('believes no X-Forwarded-For unless told to, and then what the proxy itself has appended', async () => {
    services.answers.getRoom = { room };
    const headers = { 'x-forwarded-for': '198.51.100.9, 203.0.113.7' };
    await call('GET', `/api/v1/rooms/${id}`, { headers });
    const trusting = await start({ TRUST_PROXY: true });
    await call('GET', `/api/v1/rooms/${id}`, { headers }, trusting);
    await trusting.close();
    expect(services.calls.map(({ context }) => context.clientIp)).toEqual(['127.0.0.1', '203.0.113.7']);
  });

  test('has an IPv4 address for what it is, whichever socket or proxy it came by', async () => {
    services.answers.getRoom = { room };
    await call('GET', `/api/v1/rooms/${id}`, { remoteAddress: '::ffff:192.0.2.1' });
    const trusting = await start({ TRUST_PROXY: true });
    const headers = { 'x-forwarded-for': '::FFFF:cb00:7107' };
    await call('GET', `/api/v1/rooms/${id}`, { headers }, trusting);
    await trusting.close();
    expect(services.calls.map(({ context }) => context.clientIp)).toEqual(['192.0.2.1', '203.0.113.7']);
  });

  test('turns words into what the contract has, and back', async () => {
    services.answers.createRoom = { room };
    const payload = { name: 'General', kind: 'private', members: ['boris'] };
    const { status, body } = await call('POST', '/api/v1/rooms', { payload });
    expect(services.calls[0]?.request).toEqual({
      name: 'General',
      kind: RoomKind.PRIVATE,
      members: ['boris'],
    });
    expect({ status, kind: body.kind, role: body.role }).toEqual({
      status: 201,
      kind: 'public',
      role: 'owner',
    });

    services.answers.updateMember = {
      member: { userId: id, role: RoomRole.MEMBER, joinedAt: at, readSeq: 0 },
    };
    const member = await call('PATCH', `/api/v1/rooms/${id}/members/${id}`, { payload: { role: 'owner' } });
    expect(services.calls[1]?.request).toEqual({ roomId: id, userId: id, role: RoomRole.OWNER });
    expect(member.body).toEqual({ userId: id, role: 'member', joinedAt: at.toISOString(), readSeq: 0 });
  });

  test('that sends a message answers 201, and 200 with the same entry to a retry', async () => {
    const payload = { text: 'Hello', clientId: 'c' };
    for (const [repeated, expected] of [
      [false, 201],
      [true, 200],
    ] as const) {
      services.answers.sendMessage = { entry, repeated };
      const { status, body } = await call('POST', `/api/v1/rooms/${id}/messages`, { payload });
      expect({ status, type: body.type, seq: body.seq, text: body.text }).toEqual({
        status: expected,
        type: 'message.created',
        seq: 7,
        text: 'Hello',
      });
    }
  });

  test('reads numbers and lists in the query', async () => {
    services.answers.listMessages = { entries: [entry], nextBefore: 7 };
    const { body } = await call('GET', `/api/v1/rooms/${id}/messages?before=12&limit=1`);
    expect(services.calls[0]?.request).toEqual({ roomId: id, before: 12, limit: 1 });
    expect(body).toMatchObject({ items: [{ seq: 7 }], nextBefore: 7 });

    services.answers.listUsers = { profiles: [user] };
    const other = '01890a5d-ac96-774b-bcce-b302099a8058';
    const { body: found } = await call('GET', `/api/v1/users?ids=${id},${other}&ids=${id}`);
    expect(services.calls[1]?.request).toEqual({ ids: [id, other, id], usernames: [] });
    expect(found.items[0]).not.toHaveProperty('email');

    services.answers.listEvents = { entries: [], lastSeq: 3, complete: true };
    const events = await call('GET', `/api/v1/rooms/${id}/events`);
    expect(services.calls[2]?.request).toEqual({ roomId: id, after: 0 });
    expect(events.body).toEqual({ items: [], lastSeq: 3, complete: true });
  });

  test('takes an id in any case for the same', async () => {
    services.answers.getRoom = { room };
    await call('GET', `/api/v1/rooms/${id.toUpperCase()}`);
    expect(services.calls[0]?.request).toEqual({ roomId: id });
  });

  test('hears the error of a service as a problem', async () => {
    services.answers.getRoom = new AppError('room_not_found');
    expectProblem(await call('GET', `/api/v1/rooms/${id}`), 404, 'room_not_found');
  });

  test('hears nothing of a bug but that there was one', async () => {
    services.answers.getRoom = new TypeError('a secret detail');
    const answer = await call('GET', `/api/v1/rooms/${id}`);
    expectProblem(answer, 500, 'internal');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

describe('rights', () => {
  test('need a token, a good one, and a role that has them', async () => {
    const get = (authorization: string): ReturnType<typeof call> =>
      call('GET', '/api/v1/rooms/browse', { headers: { authorization } });
    const anonymous = await get('');
    expectProblem(anonymous, 401, 'unauthenticated');
    expect(anonymous.headers['www-authenticate']).toBe('Bearer');
    expectProblem(await get('Bearer stale'), 401, 'token_expired');
    expectProblem(await get('Bearer guest'), 403, 'forbidden');
    expect(services.calls).toEqual([]);
  });

  test('are not taken from the URL', async () => {
    const headers = { authorization: '' };
    for (const name of ['token', 'access_token'])
      expectProblem(await call('GET', `/api/v1/users/me?${name}=user`, { headers }), 401, 'unauthenticated');
  });

  test('cannot be forgotten on a handler: the start fails', async () => {
    @Controller('forgetful')
    class Forgetful {
      @Get()
      read(): void {
        return;
      }
    }
    await expect(start({}, [Forgetful])).rejects.toThrow('No @Access is declared on Forgetful.read');
  });
});

describe('bad input is refused with a typed problem, and reaches nobody:', () => {
  const json = { 'content-type': 'application/json' };
  const messages = `/api/v1/rooms/${id}/messages`;
  const deep = '{"text":'.repeat(5_000) + '1' + '}'.repeat(5_000);
  const cases: [string, string, string, Omit<Call, 'method' | 'url'>, number, string][] = [
    [
      'an unknown field',
      'POST',
      messages,
      { payload: { text: 'a', clientId: 'b', x: 1 } },
      400,
      'invalid_input',
    ],
    ['null for text', 'POST', messages, { payload: { text: null, clientId: 'b' } }, 400, 'invalid_input'],
    ['a number for text', 'POST', messages, { payload: { text: 1, clientId: 'b' } }, 400, 'invalid_input'],
    ['a list for text', 'POST', messages, { payload: { text: ['a'], clientId: 'b' } }, 400, 'invalid_input'],
    ['no body', 'POST', messages, {}, 400, 'invalid_input'],
    ['an empty body', 'POST', messages, { payload: '', headers: json }, 400, 'invalid_input'],
    ['a body of null', 'POST', messages, { payload: 'null', headers: json }, 400, 'invalid_input'],
    ['a list as body', 'POST', messages, { payload: '[]', headers: json }, 400, 'invalid_input'],
    ['a string as body', 'POST', messages, { payload: '"a"', headers: json }, 400, 'invalid_input'],
    ['half a body', 'POST', messages, { payload: '{"text":', headers: json }, 400, 'invalid_input'],
    [
      'a poisoned body',
      'POST',
      messages,
      { payload: '{"__proto__":{"a":1}}', headers: json },
      400,
      'invalid_input',
    ],
    ['a deep body', 'POST', messages, { payload: deep, headers: json }, 400, 'invalid_input'],
    [
      'a body that is not UTF-8',
      'POST',
      messages,
      { payload: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), headers: json },
      400,
      'invalid_input',
    ],
    [
      'a form',
      'POST',
      messages,
      { payload: 'text=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'plain text',
      'POST',
      messages,
      { payload: '{}', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a body over 64 KiB',
      'POST',
      messages,
      { payload: { text: 'a'.repeat(70_000) } },
      413,
      'payload_too_large',
    ],
    ['a room id that is none', 'GET', '/api/v1/rooms/1', {}, 400, 'invalid_input'],
    ['a broken escape in the path', 'GET', '/api/v1/rooms/%E0%A4%A', {}, 400, 'invalid_input'],
    ['an endless path segment', 'GET', `/api/v1/rooms/${'a'.repeat(2_000)}`, {}, 400, 'invalid_input'],
    ['a limit of abc', 'GET', `${messages}?limit=abc`, {}, 400, 'invalid_input'],
    ['a limit of 0', 'GET', `${messages}?limit=0`, {}, 400, 'invalid_input'],
    ['an empty limit', 'GET', `${messages}?limit=`, {}, 400, 'invalid_input'],
    ['a limit of 1e2', 'GET', `${messages}?limit=1e2`, {}, 400, 'invalid_input'],
    ['a limit over the bound', 'GET', `${messages}?limit=101`, {}, 400, 'invalid_input'],
    ['two limits', 'GET', `${messages}?limit=1&limit=2`, {}, 400, 'invalid_input'],
    ['two searches', 'GET', '/api/v1/users?search=a&search=b', {}, 400, 'invalid_input'],
    ['an empty list of ids', 'GET', '/api/v1/users?ids=', {}, 400, 'invalid_input'],
    ['a number past 2^53', 'GET', `${messages}?before=9007199254740993`, {}, 400, 'invalid_input'],
    [
      'a role that is none',
      'PATCH',
      `/api/v1/rooms/${id}/members/${id}`,
      { payload: { role: 'king' } },
      400,
      'invalid_input',
    ],
    [
      'a kind that is not offered',
      'POST',
      '/api/v1/rooms',
      { payload: { name: 'abc', kind: 'direct' } },
      400,
      'invalid_input',
    ],
    ['a path that is not there', 'GET', '/api/v1/nothing', {}, 404, 'not_found'],
    ['a file that is not there', 'GET', '/docs/nothing.js', {}, 404, 'not_found'],
    ['a path out of the files', 'GET', '/docs/..%2f..%2fpackage.json', {}, 404, 'not_found'],
    [
      'a method that is not offered',
      'PUT',
      `/api/v1/rooms/${id}`,
      { payload: {} },
      405,
      'method_not_allowed',
    ],
  ];
  test.each(cases)('%s', async (_what, method, url, options, status, code) => {
    expectProblem(await call(method, url, options), status, code);
    expect(services.calls).toEqual([]);
  });

  test('and is told field by field', async () => {
    const { body } = await call('POST', '/api/v1/rooms', {
      payload: { name: 'ab', kind: 'public', members: ['ok1', '!'] },
    });
    expect(body.errors.map((e: { field: string }) => e.field).sort()).toEqual(['members', 'name']);
  });

  test('a method that is not offered is told which are', async () => {
    const { headers } = await call('PUT', `/api/v1/rooms/${id}?x=1`);
    expect(String(headers.allow).split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
  });
});

describe('the documentation', () => {
  type Operation = { responses: Record<string, { content?: Record<string, Body> }>; security?: object[] };

  test('tells of every call how it fails, with codes, and where a token is needed', async () => {
    const { body } = await call('GET', '/docs-json');
    const operations = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ call: `${method} ${path}`, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(25);
    for (const { call, responses, security } of operations) {
      const codes = Object.values(responses).flatMap(({ content }) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}),
      );
      const token = JSON.stringify(security ?? []).includes('bearer');
      expect({ call, codes }).toEqual({ call, codes: expect.arrayContaining(['rate_limited', 'internal']) });
      expect({ call, token }).toEqual({ call, token: codes.includes('token_expired') });
    }
  });

  test('is a page that needs nothing from elsewhere', async () => {
    const { payload } = await app.inject('/docs');
    expect(payload).toContain('swagger-ui');
    expect(payload).not.toMatch(/(src|href)="https?:/);
  });
});

describe('on the wire', () => {
  const talk = async (bytes: string): Promise<string> => {
    const { port } = app.getHttpServer().address() as { port: number };
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  };
  beforeAll(() => app.listen(0, '127.0.0.1'));

  test('what is no HTTP gets a problem, and the connection ends', async () => {
    const answer = await talk('nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid_input"');
  });

  test('who does not read large answers is asked to, before they get another, and others are not', async () => {
    const { port } = app.getHttpServer().address() as { port: number };
    const text = 'x'.repeat(20_000);
    const large = {
      ...entry,
      body: { $case: 'messageCreated', value: { id, text, clientId: 'c', reactions: [], attachments: [] } },
    };
    services.answers.listEvents = {
      entries: Array.from({ length: 1_000 }, () => large),
      lastSeq: 7,
      complete: true,
    };
    const path = `/api/v1/rooms/${id}/events`;
    const [olga, boris] = ['olga', 'boris'].map((name) => ({ authorization: `Bearer user:${name}` }));
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\nauthorization: ${olga?.authorization}\r\n\r\n`),
    );
    try {
      socket.pause();
      const next = (headers = olga) => call('GET', '/api/v1/rooms', { headers });
      services.answers.listRooms = { rooms: [] };
      await eventually(async () => (await next()).status === 429);
      expectProblem(await next(), 429, 'rate_limited');
      expect((await next(boris)).status).toBe(200);
      socket.resume();
      await eventually(async () => (await next()).status === 200);
    } finally {
      socket.destroy();
    }
  });

  test('headers without end get a problem', async () => {
    const answer = await talk(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"payload_too_large"');
  });

  test('a body longer than it says is no second request', async () => {
    const body = '{"login":"a","password":"b"}';
    const answer = await talk(
      `POST /api/v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: abc\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(services.calls).toEqual([]);
  });
});

describe('rates', () => {
  test('of strangers’ calls are bounded for an address, and the answer says when to come back', async () => {
    const strict = await start({ RATE_LIMIT: 2 });
    services.answers.login = new AppError('invalid_credentials');
    const attempt = (): ReturnType<typeof call> =>
      call('POST', '/api/v1/auth/login', { payload: { login: 'olga', password: 'wrong pass' } }, strict);
    expectProblem(await attempt(), 401, 'invalid_credentials');
    expectProblem(await attempt(), 401, 'invalid_credentials');
    const refused = await attempt();
    expectProblem(refused, 429, 'rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body).toMatchObject({ retryAfter: Number(refused.headers['retry-after']) });
    expect(services.calls).toHaveLength(2);
    await strict.close();
  });

  test.each([
    ['an address that its proxy saw, whatever it says of itself', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['an IPv4 address however it is written', '::ffff:203.0.113.7', '203.0.113.7'],
    ['a network of IPv6', '2001:db8:0:1::1', '2001:db8::1:ffff:0:0:2'],
  ])('of strangers’ calls are bounded for %s', async (_, one, other) => {
    const strict = await start({ RATE_LIMIT: 1, TRUST_PROXY: true });
    services.answers.login = new AppError('invalid_credentials');
    const from = (address: string): ReturnType<typeof call> => {
      const options = {
        payload: { login: 'olga', password: 'wrong pass' },
        headers: { 'x-forwarded-for': address, authorization: '' },
      };
      return call('POST', '/api/v1/auth/login', options, strict);
    };
    expectProblem(await from(one), 401, 'invalid_credentials');
    expectProblem(await from(other), 429, 'rate_limited');
    expectProblem(await from('2001:db8:0:2::1'), 401, 'invalid_credentials');
    await strict.close();
  });

  test('of calls are bounded for a user over all routes, and not for their neighbours', async () => {
    const strict = await start({ RATE_LIMIT: 2 });
    services.answers.getRoom = { room };
    services.answers.listUsers = { profiles: [] };
    const as = (name: string, url: string): ReturnType<typeof call> =>
      call('GET', url, { headers: { authorization: `Bearer user:${name}` } }, strict);
    expect((await as('a', `/api/v1/rooms/${id}`)).status).toBe(200);
    expect((await as('a', '/api/v1/users?search=b')).status).toBe(200);
    expectProblem(await as('a', `/api/v1/rooms/${id}`), 429, 'rate_limited');
    expect((await as('b', `/api/v1/rooms/${id}`)).status).toBe(200);
    await strict.close();
  });

  test('bound the holders of bad tokens too, and not the health checks', async () => {
    const strict = await start({ RATE_LIMIT: 1 });
    const headers = { authorization: 'Bearer stale' };
    expectProblem(await call('GET', '/api/v1/rooms', { headers }, strict), 401, 'token_expired');
    expectProblem(await call('GET', '/api/v1/rooms', { headers }, strict), 429, 'rate_limited');
    expect((await call('GET', '/health/live', { headers }, strict)).status).toBe(200);
    await strict.close();
  });
});

describe('stopping', () => {
  test('finishes the requests on their way, and takes no more', async () => {
    const stopping = await start();
    let commit: (value: unknown) => void = () => undefined;
    services.answers.sendMessage = new Promise((resolve) => (commit = resolve));
    services.answers.getRoom = { room };
    const payload = { text: 'Hello', clientId: 'c' };
    const sending = call('POST', `/api/v1/rooms/${id}/messages`, { payload }, stopping);
    while (services.calls.length === 0) await new Promise(setImmediate);

    const closed = stopping.close();
    const refused = await call('GET', `/api/v1/rooms/${id}`, {}, stopping);
    expectProblem(refused, 503, 'unavailable');
    expect(refused.headers.connection).toBe('close');
    commit({ entry, repeated: false });
    expect((await sending).status).toBe(201);
    await closed;
  });
});

describe('pages of other sites', () => {
  const origin = 'https://app.example.org';

  test('are not let in by default', async () => {
    const { headers } = await call('GET', '/health/live', { headers: { origin } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('call where their origin is listed', async () => {
    const open = await start({ CORS_ORIGINS: [origin] });
    services.answers.createRoom = { room };
    const from = { origin, 'sec-fetch-site': 'cross-site' };
    const payload = { name: 'General', kind: 'public' };
    const { status, headers } = await call('POST', '/api/v1/rooms', { payload, headers: from }, open);
    expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({
      status: 201,
      allowed: origin,
    });
    await open.close();
  });

  describe('where their origin is listed', () => {
    let open: NestFastifyApplication;
    beforeAll(async () => {
      open = await start({ CORS_ORIGINS: [origin], RATE_LIMIT: 100_000 });
    });
    afterAll(() => open.close());
    const from = { origin, 'sec-fetch-site': 'cross-site' };

    test.each<[number, string, string, Call]>([
      [404, 'GET', '/api/v1/nothing', {}],
      [404, 'GET', '/nothing', {}],
      [404, 'POST', '/api/v1', {}],
      [405, 'DELETE', '/api/v1/rooms', {}],
      [405, 'POST', '/health/live', {}],
      [400, 'GET', '/api/v1/%ZZ', {}],
      [400, 'POST', '/%E0%A4%A', {}],
      [400, 'GET', '/api/v1/rooms/%ff', {}],
      [400, 'GET', `/api/v1/rooms/${'9'.repeat(101)}`, {}],
      [400, 'GET', '/api/v1/rooms/nobody', {}],
      [401, 'GET', '/api/v1/rooms', { headers: { authorization: '' } }],
      [401, 'GET', '/api/v1/rooms', { headers: { authorization: 'Bearer garbage' } }],
      [413, 'POST', '/api/v1/rooms', { payload: { name: 'x'.repeat(70_000) } }],
      [415, 'POST', '/api/v1/rooms', { payload: 'a=b', headers: { 'content-type': 'text/plain' } }],
    ])('read why they were refused: %i for %s %s', async (status, method, url, options) => {
      const answer = await call(method, url, { ...options, headers: { ...from, ...options.headers } }, open);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': expect.stringContaining('x-request-id, retry-after, dpop-nonce'),
        'x-content-type-options': 'nosniff',
      });
      expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
    });

    test('read that they guessed too often, and when to come back', async () => {
      const payload = { login: 'olga', password: 'wrong' };
      services.answers.login = new AppError('rate_limited', { retryAfter: 7 });
      const answer = await call('POST', '/api/v1/auth/login', { payload, headers: from }, open);
      expectProblem(answer, 429, 'rate_limited');
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin });
      expect(answer.headers['retry-after']).toBe('7');
    });

    test('may ask before they call, wherever it is', async () => {
      for (const path of ['/api/v1/rooms', '/api/v1/nothing', '/api/v1/%ZZ']) {
        const headers = { origin, 'access-control-request-method': 'POST' };
        const answer = await call('OPTIONS', path, { headers }, open);
        expect(answer.status).toBe(204);
        expect(answer.headers['access-control-allow-origin']).toBe(origin);
      }
    });

    test.each(['/api/v1/nothing', '/api/v1/%ZZ'])('read nothing from elsewhere: %s', async (path) => {
      const { headers } = await call('GET', path, { headers: { origin: 'https://evil.example' } }, open);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    });
  });
});

describe('at the root', () => {
  test('are the keys', async () => {
    services.answers.getKeys = { jwks: '{"keys":[]}', issuers: [] };
    const { body, headers } = await call('GET', '/.well-known/jwks.json', { headers: { authorization: '' } });
    expect(body).toEqual({ keys: [] });
    expect(headers['cache-control']).toContain('max-age');
  });

  test('ready says what is missing, and lasts while a service restarts', async () => {
    const ready = async (after: number) => {
      now.mockReturnValue((time += after));
      const { status, body } = await call('GET', '/health/ready');
      return { status, body };
    };
    const well = { checks: [{ name: 'database', vital: true, ok: true, detail: '' }] };
    const ill = {
      checks: [{ name: 'database', vital: true, ok: false, detail: 'the database is out of reach' }],
    };
    let time = performance.now();
    const now = jest.spyOn(performance, 'now');
    try {
      services.answers = { getAuthHealth: well, getChatHealth: ill };
      const chatIsIll = [
        { name: 'auth', ok: true },
        { name: 'chat', ok: false, detail: 'the database is out of reach' },
      ];
      expect(await ready(2_000)).toEqual({ status: 503, body: { status: 'unavailable', checks: chatIsIll } });
      services.answers.getChatHealth = well;
      expect(await ready(2_000)).toMatchObject({ status: 200, body: { status: 'ok' } });
      const bus = { name: 'bus', vital: false, ok: false, detail: 'Kafka is out of reach' };
      services.answers = { getAuthHealth: well, getChatHealth: { checks: [...well.checks, bus] } };
      expect(await ready(2_000)).toEqual({
        status: 200,
        body: {
          status: 'ok',
          checks: [
            { name: 'auth', ok: true },
            { name: 'chat', ok: true, detail: 'bus: Kafka is out of reach' },
          ],
        },
      });
      services.answers.getChatHealth = ill;
      expect(await ready(2_000)).toEqual({ status: 200, body: { status: 'degraded', checks: chatIsIll } });
      services.answers.getAuthHealth = new AppError('unavailable');
      expect(await ready(29_000)).toMatchObject({
        status: 503,
        body: { checks: [{ name: 'auth', detail: 'no answer' }, { name: 'chat' }] },
      });
    } finally {
      now.mockRestore();
    }
  });

  test('ready asks the services once, however many ask', async () => {
    services.answers = { getAuthHealth: { checks: [] }, getChatHealth: { checks: [] } };
    const alone = await start();
    services.calls = [];
    await Promise.all(Array.from({ length: 20 }, () => call('GET', '/health/ready', {}, alone)));
    expect(services.calls.map(({ method }) => method).sort()).toEqual(['getAuthHealth', 'getChatHealth']);
    await alone.close();
  });

  test('answers carry security headers, and those of the API are kept by no cache', async () => {
    const { headers } = await call('GET', '/api/v1/nothing');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.not.stringContaining('upgrade-insecure-requests'),
    });
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});
