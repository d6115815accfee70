import { AppError } from '@veche/errors';
import { eventually } from '@veche/testing';
import { v7 as uuid } from 'uuid';
import { WebSocket } from 'ws';
import { SocketDoor } from '../../test/socket-door';

interface Said {
  id?: number | null;
  ok?: boolean;
  error?: { code: string };
  event?: string;
  data?: { seq?: number; reason?: string; userId?: string };
}

let door: SocketDoor;
const [olga, boris] = [uuid(), uuid()];

beforeEach(async () => {
  door = await SocketDoor.open({ CORS_ORIGINS: ['https://chat.example.org'], RATE_LIMIT: 40 });
});
afterEach(() => door.close());

/** A client that knows JSON and nothing else; keeps what it heard. */
const open = (headers: Record<string, string> = {}, protocols: string[] = [], path = '/ws') => {
  const socket = new WebSocket(door.url.replace('http', 'ws') + path, protocols, { headers });
  const heard: Said[] = [];
  const closed: { code?: number; reason?: string; status?: number } = {};
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Said));
  socket.on('close', (code, reason) => Object.assign(closed, { code, reason: reason.toString() }));
  socket.on('error', () => undefined);
  socket.on('unexpected-response', (request, { statusCode }) => {
    closed.status = statusCode ?? 0;
    request.destroy();
  });
  let last = 0;
  const call = async (name: string, data: object): Promise<Said> => {
    const id = ++last;
    socket.send(JSON.stringify({ id, call: name, data }));
    return eventually(() => heard.find((said) => said.id === id));
  };
  const ready = () => eventually(() => heard.find(({ event }) => event === 'ready'));
  const over = () => eventually(() => (closed.code ?? closed.status) !== undefined && closed);
  return { socket, heard, call, ready, over };
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('the token', () => {
  test('comes in a header', async () => {
    const device = open(bearer(door.sessions.token(olga)));
    expect(await device.ready()).toMatchObject({ data: { userId: olga } });
  });

  test('comes in a subprotocol, and is not said back', async () => {
    const device = open({}, ['veche.v1', `bearer.${door.sessions.token(olga)}`]);
    expect(await device.ready()).toMatchObject({ data: { userId: olga } });
    expect(device.socket.protocol).toBe('veche.v1');
  });

  test('comes in the first frame, as the call that renews it', async () => {
    const device = open();
    await eventually(() => device.socket.readyState === WebSocket.OPEN);
    expect(await device.call('token', { token: door.sessions.token(olga) })).toMatchObject({ ok: true });
    await device.ready();
    expect(device.heard.map(({ id, event }) => id ?? event)).toEqual([1, 'ready']);
    const fresh = door.sessions.token(boris);
    expect(await device.call('token', { token: fresh })).toMatchObject({ error: { code: 'invalid_token' } });
  });

  test('is not taken from the address', async () => {
    const device = open({}, [], `/ws?token=${door.sessions.token(olga)}`);
    await eventually(() => device.socket.readyState === WebSocket.OPEN);
    device.socket.send('{"id":1,"call":"sync","data":{"rooms":{}}}');
    expect(await device.over()).toEqual({ code: 1008, reason: 'unauthenticated' });
  });

  test.each([
    ['nonsense', 'invalid_token', undefined, 1008],
    ['good', 'unavailable', new AppError('unavailable'), 1013],
  ])('that is %s is refused with %s, in words and by the closing', async (given, code, failure, closing) => {
    const token = given === 'good' ? door.sessions.token(olga) : given;
    door.sessions.failure = failure;
    const device = open(bearer(token));
    expect(await device.over()).toEqual({ code: closing, reason: code });
    expect(device.heard).toEqual([{ id: null, ok: false, error: expect.objectContaining({ code }) }]);
  });

  test('counts with all connections of its user', async () => {
    const tokens = Array.from({ length: 100 }, () => open(bearer(door.sessions.token(olga))));
    await Promise.all(tokens.map((device) => device.ready()));
    expect(await open(bearer(door.sessions.token(olga))).over()).toMatchObject({ reason: 'rate_limited' });
    tokens[0]?.socket.close();
    await eventually(() => door.sessions.holders === 99);
    await open(bearer(door.sessions.token(olga))).ready();
  });
});

describe('calls and events', () => {
  test('are those of the namespace', async () => {
    const room = door.chat.create(olga, boris);
    const plain = open(bearer(door.sessions.token(olga)));
    const other = await door.connected(boris);
    await plain.ready();
    const sent = await plain.call('message:send', { roomId: room.id, text: 'Hello!', clientId: uuid() });
    expect(sent).toMatchObject({ ok: true, event: { seq: 3, text: 'Hello!' } });
    await eventually(() => other.seqs(room.id).includes(3));
    expect(
      await other.call('message:send', { roomId: room.id, text: 'Здравствуй', clientId: uuid() }),
    ).toMatchObject({ ok: true });
    const seqs = () => plain.heard.flatMap(({ event, data }) => (event === 'event' ? [data?.seq] : []));
    await eventually(() => seqs().includes(4));
    expect(seqs()).toEqual([3, 4]);
    expect(await plain.call('room:enter', { roomId: room.id, after: 2 })).toMatchObject({
      ok: true,
      lastSeq: 4,
    });
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['nothing', ''],
    ['no name of a call', '{"id":1}'],
    ['an id that is none', '{"id":-1,"call":"sync"}'],
    ['bytes', Buffer.from('{}')],
  ])('in which there is %s are refused, and the connection stays', async (_what, frame) => {
    const device = open(bearer(door.sessions.token(olga)));
    await device.ready();
    device.socket.send(frame);
    expect(await eventually(() => device.heard.find(({ id }) => id === null))).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    });
    expect(await device.call('sync', { rooms: {} })).toMatchObject({ ok: true });
    expect(await device.call('constructor', {})).toMatchObject({ error: { code: 'not_found' } });
    expect(await device.call('sync', { rooms: [] })).toMatchObject({ error: { code: 'invalid_input' } });
  });

  test('are counted, what is no call too', async () => {
    const device = open(bearer(door.sessions.token(olga)));
    await device.ready();
    // the window may turn in the middle
    for (let i = 0; i < 81; i++) device.socket.send('nonsense');
    await eventually(() => device.heard.length === 82);
    expect(device.heard.some(({ error }) => error?.code === 'rate_limited')).toBe(true);
  });

  test('that are larger than a frame may be end the connection', async () => {
    const device = open(bearer(door.sessions.token(olga)));
    await device.ready();
    device.socket.send('x'.repeat(64 * 1024 + 1));
    expect(await device.over()).toMatchObject({ code: 1009 });
    await eventually(() => door.sessions.holders === 0);
  });
});

describe('a connection', () => {
  test('ends with its session, and says why', async () => {
    const token = door.sessions.token(olga);
    const device = open(bearer(token));
    await device.ready();
    door.sessions.end(token, 'password_changed');
    expect(await device.over()).toMatchObject({ code: 1008 });
    expect(device.heard.at(-1)).toEqual({ event: 'session:ended', data: { reason: 'password_changed' } });
    await eventually(() => door.sessions.holders === 0);
  });

  test('that stops reading is closed, and holds up nobody', async () => {
    const room = door.chat.create(olga, boris);
    const sleeper = open(bearer(door.sessions.token(olga)));
    const awake = open(bearer(door.sessions.token(boris)));
    await Promise.all([sleeper.ready(), awake.ready()]);
    sleeper.socket.pause();
    const large = '語'.repeat(4_000);
    for (let i = 1; i <= 1_500 && door.sessions.holders === 2; i++) {
      door.chat.say(room, boris, large);
      await eventually(() => awake.heard.length === i + 1);
    }
    await eventually(() => door.sessions.holders === 1);
  });

  test('is told to come again where the process stops, whether it has said who it is or not', async () => {
    const [known, unknown] = [open(bearer(door.sessions.token(olga))), open()];
    await known.ready();
    await eventually(() => unknown.socket.readyState === WebSocket.OPEN);
    const closing = door.app.close();
    expect(await known.over()).toEqual({ code: 1012, reason: 'connect again' });
    expect(await unknown.over()).toEqual({ code: 1012, reason: 'connect again' });
    await closing;
  });
});

describe('a page', () => {
  test.each([
    ['of ours', () => new URL(door.url).origin, {}],
    ['of an origin that was allowed', () => 'https://chat.example.org', {}],
    ['of ours behind a proxy', () => 'https://talk.example.net', { 'sec-fetch-site': 'same-origin' }],
  ])('%s may connect', async (_name, origin, headers) => {
    const device = open({ ...bearer(door.sessions.token(olga)), origin: origin(), ...headers });
    await device.ready();
  });

  test.each(['https://evil.example.com', 'null', 'https://chat.example.org.evil.example.com'])(
    'of %s may not',
    async (origin) => {
      const device = open({ ...bearer(door.sessions.token(olga)), origin });
      expect(await device.over()).toMatchObject({ status: 403 });
    },
  );
});
