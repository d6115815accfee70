import { AUTH, ROOMS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { WebSocket } from 'ws';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { Socket } from '../harness/socket';
import { shapeOfRun, Veche } from '../harness/veche';
import type { Room, SignedIn, User } from '../harness/wire';

jest.setTimeout(120_000);
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** Issuers that the server trusts: one that publishes its keys, and one whose key it was given. */
const GIVEN = 'https://given.example';
let issuer: string;
let server: Server;
let keys: Keys, other: Keys, given: Keys;
/** What the issuer publishes, and how often it was asked. */
let published: object[] = [];
let behaves: 'well' | 'hangs' | 'redirects' | 'garbage' | 'floods' = 'well';
let fetches = 0;
let veche: Veche;

const jwk = async (pair: Keys, kid: string): Promise<object> => ({
  ...(await exportJWK(pair.publicKey)),
  kid,
  use: 'sig',
});

beforeAll(async () => {
  [keys, other, given] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('ES256', { extractable: true }),
  ]);
  server = createServer((request, response) => {
    if (request.url === '/.well-known/openid-configuration')
      return void response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }));
    fetches++;
    if (behaves === 'hangs') return;
    if (behaves === 'redirects')
      return void response.writeHead(302, { location: `${issuer}/elsewhere` }).end();
    if (behaves === 'garbage') return void response.end('<html>');
    if (behaves === 'floods') return void response.end(Buffer.alloc(1_000_000, 'x'));
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  published = [await jwk(keys, 'first')];
  const trusted = [
    { issuer, audience: 'chat', claims: { role: 'chat_role' }, highestRole: 'moderator' },
    { issuer: GIVEN, audience: ['chat'], keys: await exportSPKI(given.publicKey) },
  ];
  veche = await Veche.start(shapeOfRun(), { env: { TRUSTED_ISSUERS: JSON.stringify(trusted) } });
  // the first account is the server's keeper
  await registered();
}, 180_000);
afterAll(async () => {
  await veche.stop();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => (behaves = 'well'));

const registered = (email = `${unique('p')}@example.org`): Promise<SignedIn> =>
  new Rest(veche.doors.gateways[0]!).post('/auth/register', {
    username: unique('person'),
    email,
    password: `${PASSWORD_MARK} ${email}`,
  });
const now = (): number => Math.floor(Date.now() / 1000);
const claims = (more: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: 'chat',
  sub: unique('sub'),
  name: 'Olga K.',
  iat: now(),
  exp: now() + 300,
  ...more,
});
const sign = (
  payload: JWTPayload,
  by = keys,
  header: object = { kid: 'first' },
  alg = 'RS256',
): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg, ...header }).sign(by.privateKey);
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? JSON.stringify(error),
  );
const me = (token: string, gateway = veche.doors.gateways[0]!): Promise<User> =>
  new Rest(gateway, token).get('/users/me');

const overWs = (gateway: string, token: string): Promise<string> =>
  new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${gateway.replace('http', 'ws')}/ws`, { headers });
    socket.on('message', (data: Buffer) => {
      const { event } = JSON.parse(data.toString()) as { event?: string };
      if (event !== 'ready') return;
      resolve('accepted');
      socket.close();
    });
    // who is refused is told its code as the reason
    socket.on('close', (_code, reason) => resolve(reason.toString() || 'closed'));
    socket.on('error', (error) => resolve(error.message));
  });

/** What a token is answered at each door of each process. */
const atEachDoor = async (token: string): Promise<Record<string, string>> => {
  const { gateways, auth, chat } = veche.doors;
  const byAuth = (at: string): Promise<string> => {
    const client = new Grpc(AUTH.definition, at, token);
    return codeOf(client.call('listSessions', {})).finally(() => client.close());
  };
  const byChat = (at: string): Promise<string> => {
    const client = new Grpc(ROOMS.definition, at, token);
    return codeOf(client.call('listRooms', {})).finally(() => client.close());
  };
  const asked: [string, Promise<string>][] = [
    ...gateways.flatMap((url, i): [string, Promise<string>][] => [
      [`REST ${i}`, codeOf(me(token, url))],
      [`Socket.IO ${i}`, codeOf(Socket.open(url, token).then((socket) => socket.close()))],
      [`/ws ${i}`, overWs(url, token)],
    ]),
    ...auth.map((at, i): [string, Promise<string>] => [`auth ${i}`, byAuth(at)]),
    ...chat.map((at, i): [string, Promise<string>] => [`chat ${i}`, byChat(at)]),
  ];
  return Object.fromEntries(await Promise.all(asked.map(async ([door, code]) => [door, await code])));
};
const all = (answers: Record<string, string>): string[] => [...new Set(Object.values(answers))];

describe("an issuer's token", () => {
  test('is taken at each door, and always stands for the same account and session', async () => {
    const payload = claims({ email: 'olga@login.example', email_verified: true });
    const token = await sign(payload);
    expect(all(await atEachDoor(token))).toEqual(['accepted']);
    const user = await me(token);
    expect(user).toMatchObject({ displayName: 'Olga K.', email: 'olga@login.example', role: 'user' });
    const socket = await Socket.open(veche.doors.gateways[0]!, token);
    const next = await sign({ ...payload, jti: 'next', exp: now() + 600 });
    const { expiresAt } = await socket.call<{ expiresAt: string }>('token', { token: next });
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 400_000);
    expect((await me(next, veche.doors.gateways.at(-1))).id).toBe(user.id);
    await new Rest(veche.doors.gateways[0]!, next).post<Room>('/rooms', {
      name: unique('room'),
      kind: 'private',
    });
    socket.close();
  });

  test('first seen by many at once makes one account', async () => {
    const payload = claims();
    const tokens = await Promise.all(
      Array.from({ length: 10 }, (_, i) => sign({ ...payload, jti: String(i) })),
    );
    const { gateways } = veche.doors;
    const found = await Promise.all(tokens.map((token, i) => me(token, gateways[i % gateways.length])));
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
  });

  test('of a key that was given is taken', async () => {
    const token = await sign(claims({ iss: GIVEN }), given, {}, 'ES256');
    expect(all(await atEachDoor(token))).toEqual(['accepted']);
  });

  test('brings over what has changed there, and leaves what has changed here', async () => {
    const payload = claims();
    const rest = new Rest(veche.doors.gateways[0]!, await sign(payload));
    await rest.get('/users/me');
    await rest.patch('/users/me', { displayName: 'As she likes' });
    rest.token = await sign({ ...payload, jti: 'again' });
    expect((await rest.get<User>('/users/me')).displayName).toBe('As she likes');
    rest.token = await sign({ ...payload, name: 'Olga Karpova' });
    expect((await rest.get<User>('/users/me')).displayName).toBe('Olga Karpova');
  });

  test('gives no role above what the issuer may', async () => {
    expect((await me(await sign(claims({ chat_role: 'moderator' })))).role).toBe('moderator');
    expect((await me(await sign(claims({ chat_role: ['user', 'admin'] })))).role).toBe('moderator');
    expect((await me(await sign(claims({ chat_role: 'emperor', role: 'admin' })))).role).toBe('user');
  });

  test('that was signed before its session was ended is good no more, and the next one begins anew', async () => {
    const payload = claims({ iat: now() - 5 });
    const [token, sibling] = [await sign(payload), await sign({ ...payload, jti: 'sibling' })];
    const socket = await Socket.open(veche.doors.gateways.at(-1)!, token);
    await new Rest(veche.doors.gateways[0]!, token).post('/auth/logout');
    await socket.closed();
    expect(all(await atEachDoor(token))).toEqual(['session_ended']);
    expect(all(await atEachDoor(sibling))).toEqual(['session_ended']);
    await eventually(async () => (await codeOf(me(await sign({ ...payload, iat: now() })))) === 'accepted');
  });
});

describe('is refused at each door:', () => {
  const attack = async (name: string): Promise<string> => {
    const pem = await exportSPKI(keys.publicKey);
    const secret = new TextEncoder().encode(pem);
    const attacks: Record<string, () => Promise<string> | string> = {
      'a wrong issuer': () => sign(claims({ iss: 'https://evil.example' })),
      'the issuer with a slash behind it': () => sign(claims({ iss: `${issuer}/` })),
      'our own name as the issuer': () => sign(claims({ iss: 'veche' })),
      'no issuer': () => sign(claims({ iss: undefined })),
      'a wrong audience': () => sign(claims({ aud: 'shop' })),
      'no audience': () => sign(claims({ aud: undefined })),
      'alg none': () => new UnsecuredJWT(claims()).encode(),
      'HS256 with the public key as its secret': () =>
        new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret),
      'a key of somebody else under the name of a key': () => sign(claims(), other),
      'a key of somebody else in its own header': async () =>
        sign(claims(), other, { jwk: await exportJWK(other.publicKey) }),
      'the key of another issuer': () => sign(claims(), given, { kid: 'first' }, 'ES256'),
      'the other issuer’s name, signed with this one’s key': () => sign(claims({ iss: GIVEN })),
      'not yet valid': () => sign(claims({ nbf: now() + 3_600 })),
      'signed in the future': () => sign(claims({ iat: now() + 3_600, exp: now() + 7_200 })),
      'without an end': () => sign(claims({ exp: undefined })),
      'without a beginning': () => sign(claims({ iat: undefined })),
      nobody: () => sign(claims({ sub: undefined })),
      'an id that is no text': () => sign(claims({ sub: { id: 1 } as unknown as string })),
      'an id that is too long': () => sign(claims({ sub: 'x'.repeat(201) })),
      'changed on its way': async () => {
        const [head, , signature] = (await sign(claims())).split('.');
        return [head, Buffer.from(JSON.stringify(claims())).toString('base64url'), signature].join('.');
      },
    };
    return attacks[name]!();
  };
  test.each([
    'a wrong issuer',
    'the issuer with a slash behind it',
    'our own name as the issuer',
    'no issuer',
    'a wrong audience',
    'no audience',
    'alg none',
    'HS256 with the public key as its secret',
    'a key of somebody else under the name of a key',
    'a key of somebody else in its own header',
    'the key of another issuer',
    'the other issuer’s name, signed with this one’s key',
    'not yet valid',
    'signed in the future',
    'without an end',
    'without a beginning',
    'nobody',
    'an id that is no text',
    'an id that is too long',
    'changed on its way',
  ])('%s', async (name) => {
    expect(all(await atEachDoor(await attack(name)))).toEqual(['invalid_token']);
  });

  test('expired, and older than a day', async () => {
    for (const old of [
      { iat: now() - 900, exp: now() - 60 },
      { iat: now() - 90_000, exp: now() + 900 },
    ])
      expect(all(await atEachDoor(await sign(claims(old))))).toEqual(['token_expired']);
  });
});

describe('an account is not taken over', () => {
  test('by an address, verified or not', async () => {
    const email = `${unique('victim')}@example.org`;
    const { user: victim } = await registered(email);
    for (const email_verified of [false, 'true', undefined, true]) {
      const thief = await me(await sign(claims({ email, email_verified })));
      expect(thief.id).not.toBe(victim.id);
      expect(thief.email).toBe(email_verified === true ? email : '');
    }
    expect(
      (
        await new Rest(veche.doors.gateways[0]!).post<SignedIn>('/auth/login', {
          login: email,
          password: `${PASSWORD_MARK} ${email}`,
        })
      ).user,
    ).toEqual(victim);
  });

  test('by an id that another issuer has given, or our own', async () => {
    const sub = unique('same');
    const mine = await me(await sign(claims({ sub })));
    const theirs = await me(await sign(claims({ sub, iss: GIVEN }), given, {}, 'ES256'));
    expect(theirs.id).not.toBe(mine.id);
    const { user: ours } = await registered();
    expect((await me(await sign(claims({ sub: ours.id })))).id).not.toBe(ours.id);
  });

  test('by a username', async () => {
    const { user } = await registered();
    const other = await me(await sign(claims({ preferred_username: user.username })));
    expect(other.id).not.toBe(user.id);
    expect(other.username).not.toBe(user.username);
    expect((await me(await sign(claims({ preferred_username: 'admin' })))).username).toMatch(/^user-\d{5}$/);
  });
});

describe('keys', () => {
  test('that are made up cause no flood of fetches, and those that are new are found', async () => {
    await me(await sign(claims()));
    const before = fetches;
    const flood = await Promise.all(
      Array.from({ length: 60 }, async (_, i) =>
        codeOf(me(await sign(claims(), other, { kid: `made-up-${i}` }))),
      ),
    );
    expect(new Set(flood)).toEqual(new Set(['invalid_token']));
    // one for each replica of auth at most
    expect(fetches - before).toBeLessThanOrEqual(veche.doors.auth.length);
    published = [...published, await jwk(other, 'second')];
    const rotated = await sign(claims(), other, { kid: 'second' });
    await eventually(async () => (await codeOf(me(rotated))) === 'accepted');
    expect(await codeOf(me(await sign(claims())))).toBe('accepted');
  });

  test.each(['hangs', 'redirects', 'garbage', 'floods'] as const)(
    'of an issuer that %s count on, and whatever has an unknown one is answered in time',
    async (how) => {
      await me(await sign(claims()));
      behaves = how;
      const began = performance.now();
      const code = await codeOf(me(await sign(claims(), other, { kid: `unknown ${how}` })));
      expect(['invalid_token', 'unavailable']).toContain(code);
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(await codeOf(me(await sign(claims())))).toBe('accepted');
    },
  );
});
