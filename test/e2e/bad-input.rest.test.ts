import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { type Kind, wrongVersions } from '../harness/bad-input';
import { PASSWORD_MARK, Person, register, unique } from '../harness/people';
import { type RequestOptions, Rest } from '../harness/rest';
import type { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';
import type { Problem, Room } from '../harness/wire';

const doors = sharedDoors();
let olga: Person, boris: Person, room: Room, bystander: Socket;

beforeAll(async () => {
  [olga, boris] = (await register(doors, 'olga', 'boris')) as [Person, Person];
  room = await olga.createRoom('private', [boris]);
  await olga.send(room.id, 'before');
  bystander = await boris.socket(olga.rest.gateway);
});
afterAll(() => boris.leave());

/** All of Olga's that a bad request could have changed. */
const state = async (): Promise<unknown> => ({
  me: await olga.rest.get('/users/me'),
  rooms: await olga.rest.get('/rooms'),
  members: await olga.rest.get(`/rooms/${room.id}/members`),
  log: await olga.log(room.id),
  sessions: await olga.rest
    .get<{ items: { id: string }[] }>('/auth/sessions')
    .then(({ items }) => items.map((s) => s.id)),
});

/** Nothing has changed, and somebody else's connection is as it was. */
const undisturbed = async (before: unknown): Promise<void> => {
  expect(await state()).toEqual(before);
  const text = `bystander ${randomUUID()}`;
  const own = await boris.createRoom('private');
  await boris.send(own.id, text);
  await bystander.hearsMessage(text);
  expect(bystander.disconnects).toEqual([]);
};

const attempt = async (method: string, path: string, options: RequestOptions): Promise<string> => {
  const answer = await olga.rest.request<Problem>(method, path, options);
  const { status, headers, body } = answer;
  if (status < 400 || status >= 500) return `${status} ${JSON.stringify(body)}`;
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return `${status} ${headers.get('content-type')} ${JSON.stringify(body)}`;
  const { type, title, code, requestId } = body;
  const whole = [type, title, code, requestId].every((v) => typeof v === 'string' && v !== '');
  return whole && body.status === status
    ? code
    : `${status} without a whole problem: ${JSON.stringify(body)}`;
};

interface Route {
  route: string;
  valid: Record<string, unknown>;
  kinds: Record<string, [Kind, number?]>;
}
const password = `${PASSWORD_MARK} ${randomUUID()}`;
const ROUTES: Route[] = [
  {
    route: 'POST /auth/register',
    valid: { username: unique('new'), email: `${unique('new')}@example.org`, password },
    kinds: {
      username: ['text', 32],
      email: ['text', 254],
      password: ['text', 128],
      displayName: ['text', 64],
      appId: ['text', 64],
    },
  },
  {
    route: 'POST /auth/login',
    valid: { login: unique('nobody'), password },
    kinds: { login: ['text', 254], password: ['text', 128], appId: ['text', 64], tokenTransport: ['word'] },
  },
  { route: 'POST /auth/refresh', valid: { refreshToken: 'r' }, kinds: { refreshToken: ['text', 512] } },
  {
    route: 'POST /auth/password',
    valid: { currentPassword: `${password} wrong`, newPassword: password },
    kinds: { currentPassword: ['text', 128], newPassword: ['text', 128] },
  },
  {
    route: 'PATCH /users/me',
    valid: {},
    kinds: { username: ['text', 32], displayName: ['text', 64], bio: ['text', 500] },
  },
  {
    route: 'POST /rooms',
    valid: { name: unique('bad'), kind: 'private' },
    kinds: { name: ['text', 64], kind: ['word'], topic: ['text', 250], members: ['usernames'] },
  },
  { route: 'POST /rooms/direct', valid: {}, kinds: { userId: ['id'], username: ['text', 32] } },
  { route: 'PATCH /rooms/{id}', valid: {}, kinds: { name: ['text', 64], topic: ['text', 250] } },
  { route: 'POST /rooms/{id}/members', valid: {}, kinds: { userId: ['id'], username: ['text', 32] } },
  { route: 'PATCH /rooms/{id}/members/{userId}', valid: {}, kinds: { role: ['word'] } },
  {
    route: 'POST /rooms/{id}/messages',
    valid: { text: 'never sent', clientId: 'c' },
    kinds: { text: ['text', 4000], clientId: ['text', 64], replyTo: ['seq'] },
  },
  { route: 'PUT /rooms/{id}/read', valid: {}, kinds: { seq: ['seq'] } },
];
const place = (route: string): [method: string, path: string] => {
  const [method = '', path = ''] = route.split(' ');
  return [method, path.replace('{id}', room.id).replace('{userId}', boris.id)];
};

describe.each(ROUTES)('$route', ({ route, valid, kinds }) => {
  test('refuses every field that is not what it should be', async () => {
    const before = await state();
    const answers: Record<string, string> = {};
    for (const [what, body] of wrongVersions(valid, kinds))
      answers[what] = await attempt(...place(route), { body });
    const wrong = Object.entries(answers).filter(([, code]) => code !== 'invalid_input');
    expect(wrong).toEqual([]);
    await undisturbed(before);
  });

  test('refuses bodies that are not JSON objects', async () => {
    const before = await state();
    const bodies: [string, string | Buffer, Record<string, string>?][] = [
      ['nothing', ''],
      ['no JSON', '{"text": '],
      ['a list', '[]'],
      ['a string', '"text"'],
      ['null', 'null'],
      ['a number', '42'],
      ['not UTF-8', Buffer.from([0x7b, 0x22, 0x74, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
      [
        'not UTF-8 in a text',
        Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      ],
      ['UTF-16', Buffer.from(JSON.stringify({ text: 'a' }), 'utf16le')],
      ['very deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
      ['a form', 'text=a&clientId=b', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['XML', '<text/>', { 'content-type': 'application/xml' }],
      ['an unknown type', '{}', { 'content-type': 'x/y' }],
      ['too much', JSON.stringify({ ...valid, filler: 'x'.repeat(70_000) })],
    ];
    const expected: Record<string, string> = {
      'a form': 'unsupported_media_type',
      XML: 'unsupported_media_type',
      'an unknown type': 'unsupported_media_type',
      'too much': 'payload_too_large',
    };
    const answers: Record<string, string> = {};
    for (const [what, body, headers] of bodies)
      answers[what] = await attempt(...place(route), {
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
    const wrong = Object.entries(answers).filter(
      ([what, code]) => code !== (expected[what] ?? 'invalid_input'),
    );
    // where every field may be left out, no body is none of them
    const optional = /\/refresh$|^PATCH \/(users\/me|rooms\/\{id\})$/.test(route);
    expect(wrong.filter(([what]) => !(optional && what === 'nothing'))).toEqual([]);
    await undisturbed(before);
  });
});

describe('an address', () => {
  const IDS = ['no-id', '%00', '%ff', '%2e%2e%2f', "'", '0', 'x'.repeat(2000), '%F0%9F%94%94', 'null'];

  test.each([
    'GET /rooms/{}',
    'PATCH /rooms/{}',
    'DELETE /rooms/{}',
    'POST /rooms/{}/join',
    'POST /rooms/{}/leave',
    'GET /rooms/{}/members',
    'POST /rooms/{}/members',
    'GET /rooms/{}/messages',
    'POST /rooms/{}/messages',
    'GET /rooms/{}/events?after=0',
    'PUT /rooms/{}/read',
    'GET /rooms/{}/pins',
    'PUT /rooms/{}/pins/1',
    'GET /rooms/{}/threads/1',
    'GET /rooms/<room>/threads/{}',
    'GET /rooms/{}/threads/1/messages',
    'PUT /rooms/{}/threads/1/following',
    'DELETE /rooms/<room>/threads/{}/following',
    'POST /users/me/invitations/{}',
    'DELETE /users/me/invitations/{}',
    'GET /users/{}',
    'DELETE /auth/sessions/{}',
    'DELETE /rooms/<room>/members/{}',
    'PATCH /rooms/<room>/members/{}',
  ])('with something that is no id is refused: %s', async (route) => {
    const before = await state();
    const [method = '', path = ''] = route.split(' ');
    for (const id of IDS) {
      const code = await attempt(method, path.replace('<room>', room.id).replace('{}', id), {
        body: /PATCH|PUT|POST/.test(method) ? {} : undefined,
      });
      // an address too long or not decodable may also be one that leads nowhere
      expect([id, code]).toEqual([id, expect.stringMatching(/^(invalid_input|not_found)$/)]);
    }
    await undisturbed(before);
  });

  test.each([
    [
      '/rooms/<room>/messages',
      [
        'limit=0',
        'limit=101',
        'limit=a',
        'limit=1&limit=2',
        'before=0',
        'before=-1',
        'before=1.5',
        'before=9007199254740993',
        'before[]=1',
        'limit=null',
        'unknown=1',
      ],
    ],
    [
      '/rooms/<room>/events',
      ['after=', 'after=-1', 'after=x', 'after=1e3', 'after=0&limit=1001', 'after=0&after=1', 'after[$gt]=0'],
    ],
    [
      '/rooms/<room>/members',
      ['limit=0', 'limit=1001', 'cursor=%00', 'cursor=no-cursor-of-yours', `cursor=${'x'.repeat(300)}`],
    ],
    ['/rooms', ['limit=201', 'cursor=..', 'cursor=bm8tY3Vyc29y']],
    ['/rooms/browse', ['limit=101', `search=${'x'.repeat(65)}`, 'search=%00', 'cursor=bm8tY3Vyc29y']],
    ['/users', ['', 'ids=x', 'search=', 'ids=&search=', `search=${'x'.repeat(65)}`, 'search=%00', 'limit=5']],
  ] as [string, string[]][])('with a wrong query is refused: %s', async (path, queries) => {
    const answers: Record<string, string> = {};
    for (const query of queries)
      answers[query] = await attempt('GET', `${path.replace('<room>', room.id)}?${query}`, {});
    expect(Object.entries(answers).filter(([, code]) => code !== 'invalid_input')).toEqual([]);
  });

  test('that leads nowhere, or with a method that is not offered, is answered by a problem', async () => {
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['GET', '//nowhere'],
      ['GET', '//api/v2/rooms'],
      ['POST', '/users/me'],
      ['PUT', '/rooms'],
      ['PATCH', '/auth/login'],
      ['OPTIONS', '/rooms'],
    ] as const)
      expect([method, path, await attempt(method, path, {})]).toEqual([
        method,
        path,
        expect.stringMatching(/^(not_found|method_not_allowed)$/),
      ]);
  });

  test.each([
    ['no HTTP', 'garbage\r\n\r\n'],
    ['a method that is none', 'BREW /api/v1/rooms HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['headers without end', `GET /api/v1/rooms HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`],
    [
      'two lengths',
      'POST /api/v1/rooms HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
    ],
    ['bytes in the path', Buffer.from('GET /api/v1/\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n', 'latin1')],
  ])('that is %s is answered by a problem, and the server goes on', async (_what, bytes) => {
    const before = await state();
    const { hostname, port } = new URL(olga.rest.gateway);
    const answer = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      // an answer may keep the connection open: its body says that it is whole
      socket.on('data', (chunk) => (heard += chunk.toString()).includes('requestId') && resolve(heard));
      socket.on('error', reject).on('close', () => resolve(heard));
      socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('application/problem+json');
    await undisturbed(before);
  });

  test('has no room for the token: it belongs into the header', async () => {
    for (const name of ['token', 'access_token', 'accessToken', 'authorization']) {
      const answer = await new Rest(olga.rest.gateway).request('GET', `/users/me?${name}=${olga.token}`);
      expect([name, answer.status]).toEqual([name, 401]);
    }
  });
});
