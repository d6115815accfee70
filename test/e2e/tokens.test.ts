import { AUTH, MESSAGES, USERS } from '@veche/contracts';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomUUID,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Grpc } from '../harness/grpc';
import { Person } from '../harness/people';
import { Refused, Rest } from '../harness/rest';
import { Socket } from '../harness/socket';
import { decode, signHs256, signRs256, type Token, unsigned } from '../harness/tokens';
import { sharedDoors } from '../harness/veche';
import type { Room } from '../harness/wire';

const doors = sharedDoors();
const key = createPrivateKey(readFileSync(doors.keyFile));
const now = Math.floor(Date.now() / 1000);
let olga: Person, other: Person, room: Room, genuine: Token, published: JsonWebKey;

beforeAll(async () => {
  olga = await Person.register(doors);
  other = await Person.register(doors);
  room = await olga.createRoom('private');
  genuine = decode(olga.token);
  const { keys } = await new Rest(olga.rest.gateway).get<{ keys: JsonWebKey[] }>('//.well-known/jwks.json');
  published = keys[0]!;
});

/** Every door that a token opens: what it answers, as the code of the refusal or `open`. */
const DOORS: Record<string, (token: string) => Promise<unknown>> = {
  REST: (token) => new Rest(doors.gateways[0]!, token).get('/users/me'),
  socket: async (token) => (await Socket.open(doors.gateways.at(-1)!, token)).close(),
  'the socket of somebody else': async (token) => {
    const socket = await other.socket();
    await socket.call('token', { token }).finally(() => socket.close());
  },
  'gRPC of auth': async (token) => {
    const client = new Grpc(USERS.definition, doors.auth[0]!, token);
    await client.call('getOwnUser', {}).finally(() => client.close());
  },
  'gRPC of chat': async (token) => {
    const client = new Grpc(MESSAGES.definition, doors.chat.at(-1)!, token);
    await client.call('listMessages', { roomId: room.id }).finally(() => client.close());
  },
  'a gRPC stream': async (token) => {
    const client = new Grpc(MESSAGES.definition, doors.chat[0]!, token);
    const stream = client.stream('connect', { roomId: room.id, after: 0 });
    const first = await Promise.race([stream.fails(), stream.hears(() => true)]);
    client.close();
    if (first instanceof Error) throw first;
  },
  ValidateSession: async (token) => {
    const client = new Grpc(AUTH.definition, doors.auth.at(-1)!);
    await client.call('validateSession', { accessToken: token }).finally(() => client.close());
  },
};
const through = async (door: string, token: string): Promise<string> => {
  try {
    await (DOORS[door] as (token: string) => Promise<unknown>)(token);
    return 'open';
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};

const payload = (changed: Record<string, unknown>): Token => ({
  header: genuine.header,
  payload: { ...genuine.payload, ...changed },
});
const header = (changed: Record<string, unknown>): Token => ({
  header: { ...genuine.header, ...changed },
  payload: genuine.payload,
});
const pem = (): string =>
  createPublicKey({ key: published, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
const pkcs1 = (): string =>
  createPublicKey({ key: published, format: 'jwk' }).export({ type: 'pkcs1', format: 'pem' }).toString();
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

const FORGED: Record<string, () => string> = {
  'without a signature, alg none': () => unsigned(header({ alg: 'none' })),
  'without a signature, alg None': () => unsigned(header({ alg: 'None', kid: undefined })),
  'without a signature, alg as it was': () => unsigned(genuine),
  'HS256 with the public key': () => signHs256(header({ alg: 'HS256' }), pem()),
  'HS256 with the public key, no kid': () => signHs256(header({ alg: 'HS256', kid: undefined }), pem()),
  'HS256 with the public key as PKCS 1': () => signHs256(header({ alg: 'HS256' }), pkcs1()),
  'HS256 with the public key as JWK': () => signHs256(header({ alg: 'HS256' }), JSON.stringify(published)),
  'HS256 with an empty secret': () => signHs256(header({ alg: 'HS256' }), ''),
  'of another key': () => signRs256(genuine, foreign.privateKey),
  'of another key that it brings along': () =>
    signRs256(
      header({ jwk: foreign.publicKey.export({ format: 'jwk' }), kid: undefined }),
      foreign.privateKey,
    ),
  'of a key that is to be fetched elsewhere': () =>
    signRs256(header({ jku: 'http://127.0.0.1:9/keys', kid: 'theirs' }), foreign.privateKey),
  'of a key that is a file': () => signHs256(header({ alg: 'HS256', kid: '../../../../dev/null' }), ''),
  'of an unknown key': () => signRs256(header({ kid: randomUUID() }), key),
  'of our key but RS512': () => signRs256(header({ alg: 'RS512' }), key),
  'with another user in it': () => {
    const [head, , signature] = olga.token.split('.');
    const body = Buffer.from(JSON.stringify({ ...genuine.payload, sub: other.id })).toString('base64url');
    return [head, body, signature].join('.');
  },
  'with one letter changed': () => {
    const at = olga.token.length - 20;
    return olga.token.slice(0, at) + (olga.token[at] === 'A' ? 'B' : 'A') + olga.token.slice(at + 1);
  },
  'cut off': () => olga.token.slice(0, -10),
  'with four parts': () => `${olga.token}.${olga.token.split('.')[2]}`,
  'that is not one': () => 'not-a-token',
  'that is null': () => 'null',
  'for another application': () => signRs256(payload({ aud: 'elsewhere' }), key),
  'for no application': () => signRs256(payload({ aud: undefined }), key),
  'of another issuer': () => signRs256(payload({ iss: 'https://elsewhere.example' }), key),
  'without a user': () => signRs256(payload({ sub: undefined }), key),
  'without an end': () => signRs256(payload({ exp: undefined }), key),
  'whose end is no number': () => signRs256(payload({ exp: 'never' }), key),
};

describe.each(Object.keys(DOORS))('%s', (door) => {
  test('opens to a token that is signed as ours are, so that what follows can fail', async () => {
    expect(await through(door, olga.token)).toBe(
      door === 'the socket of somebody else' ? 'invalid_token' : 'open',
    );
    const again = signRs256(payload({ exp: now + 600 }), key);
    expect(await through(door, again)).toBe(
      door === 'the socket of somebody else' ? 'invalid_token' : 'open',
    );
    if (door === 'the socket of somebody else') expect(await through(door, other.token)).toBe('open');
  });

  test('stays shut to tokens that are not ours', async () => {
    const answers: Record<string, string> = {};
    for (const [what, token] of Object.entries(FORGED)) answers[what] = await through(door, token());
    const wrong = Object.entries(answers).filter(
      ([what, code]) =>
        code !== 'invalid_token' &&
        // whoever only asks whether a token is good is told of every application
        !(door === 'ValidateSession' && what === 'for another application'),
    );
    expect(wrong).toEqual([]);
  });

  test('stays shut to a token that has expired, and says so', async () => {
    expect(await through(door, signRs256(payload({ exp: now - 60 }), key))).toBe('token_expired');
  });

  test('stays shut to a token of a session that never was', async () => {
    expect(await through(door, signRs256(payload({ sid: randomUUID() }), key))).toBe('session_ended');
    // nor does somebody's session serve another
    expect(await through(door, signRs256(payload({ sub: other.id }), key))).toBe('invalid_token');
  });
});

describe('without a token', () => {
  test('every door but those for everybody is shut', async () => {
    const rest = new Rest(doors.gateways[0]!);
    await expect(rest.get('/users/me')).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
    for (const authorization of ['', 'Bearer', 'Bearer ', `Basic ${olga.token}`, olga.token])
      expect((await rest.request('GET', '/users/me', { headers: { authorization } })).status).toBe(401);
    await expect(Socket.open(doors.gateways[0]!, undefined)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    const client = new Grpc(USERS.definition, doors.auth[0]!);
    await expect(client.call('getOwnUser', {})).rejects.toMatchObject({ code: 'unauthenticated' });
    client.close();
  });

  test('in its place, a socket takes it neither from the address nor from a header', async () => {
    const socket = new Socket(doors.gateways[0]!, undefined);
    socket.io.io.opts.query = { token: olga.token, auth: olga.token };
    socket.io.io.opts.extraHeaders = { authorization: `Bearer ${olga.token}` };
    await expect(socket.connect()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test.each([[42], [null], [{}], [['a']], [true], [''], ['x'.repeat(10_000)]])(
    'a handshake with %p for one is refused',
    async (token) => {
      const socket = new Socket(doors.gateways[0]!, undefined);
      socket.io.auth = { token: token as string };
      await expect(socket.connect()).rejects.toMatchObject({
        code: expect.stringMatching(/^(unauthenticated|invalid_token|invalid_input)$/),
      });
    },
  );
});

describe('a connection', () => {
  test('ends when its token expires, and goes on with a fresh one', async () => {
    const short = (exp: number): string => signRs256(payload({ exp }), key);
    const soon = Math.floor(Date.now() / 1000) + 3;
    const [ending, renewed] = await Promise.all([
      Socket.open(doors.gateways[0]!, short(soon)),
      Socket.open(doors.gateways[0]!, short(soon)),
    ]);
    const client = new Grpc(MESSAGES.definition, doors.chat[0]!, short(soon));
    const stream = client.stream('connect', { roomId: room.id, after: 0 });
    await stream.hears(() => true);
    expect(new Date(ending.ready.expiresAt).getTime()).toBe(soon * 1000);
    const answer = await renewed.call<{ expiresAt: string }>('token', { token: olga.token });
    expect(new Date(answer.expiresAt).getTime()).toBe((genuine.payload.exp as number) * 1000);
    await ending.closed();
    expect((await stream.fails()).code).toBe('token_expired');
    expect(ending.all('session:ended')).toEqual([{ reason: 'token_expired' }]);
    expect(Date.now()).toBeGreaterThanOrEqual(soon * 1000);
    await renewed.send(room.id, 'still here', randomUUID());
    renewed.close();
    client.close();
  });
});
