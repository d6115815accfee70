import { eventually } from '@veche/testing';
import { get, type IncomingMessage, request } from 'node:http';
import { v7 as uuid } from 'uuid';
import { SocketDoor } from '../../../test/socket-door';

let door: SocketDoor;
const [olga, boris] = [uuid(), uuid()];

beforeEach(async () => {
  door = await SocketDoor.open({ CORS_ORIGINS: ['https://chat.example.org'] });
});
afterEach(() => door.close());

/** A reader; keeps what it heard. */
const listen = async (headers: Record<string, string>) => {
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${door.url}/events`, { headers }, resolve).on('error', reject),
  );
  let text = '';
  let over = false;
  answer.setEncoding('utf8').on('data', (part: string) => (text += part));
  answer.on('close', () => (over = true)).on('error', () => undefined);
  const heard = () =>
    [...text.matchAll(/event: (.+)\ndata: (.+)\n\n/g)].map(([, event = '', data = '']) => ({
      event,
      data: JSON.parse(data) as { seq?: number; userId?: string; reason?: string },
    }));
  const seqs = () => heard().flatMap(({ event, data }) => (event === 'event' ? [data.seq] : []));
  return { answer, heard, seqs, text: () => text, isOver: () => over };
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('tells its reader what is told to sockets, in order', async () => {
  const room = door.chat.create(olga, boris);
  const reader = await listen({ ...bearer(door.sessions.token(olga)), origin: 'https://chat.example.org' });
  expect([reader.answer.statusCode, reader.answer.headers]).toEqual([
    200,
    expect.objectContaining({
      'content-type': 'text/event-stream',
      'access-control-allow-origin': 'https://chat.example.org',
      'x-request-id': expect.any(String),
    }),
  ]);
  await eventually(() => reader.heard().length === 1);
  expect(reader.heard()[0]).toMatchObject({ event: 'ready', data: { userId: olga } });
  for (let i = 0; i < 20; i++) door.chat.say(room, boris, 'line\nbreak');
  await eventually(() => reader.seqs().length === 20);
  expect(reader.seqs()).toEqual(Array.from({ length: 20 }, (_, i) => i + 3));
  reader.answer.destroy();
  await eventually(() => door.sessions.holders === 0);
});

test.each([
  ['nobody', {}, 401],
  ['a token that is not ours', bearer('nonsense'), 401],
])('refuses %s with a problem', async (_who, headers, status) => {
  const reader = await listen(headers);
  await eventually(reader.isOver);
  expect([reader.answer.statusCode, reader.answer.headers['content-type']]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
});

test('counts with the other connections of its user', async () => {
  const readers = await Promise.all(
    Array.from({ length: 100 }, () => listen(bearer(door.sessions.token(olga)))),
  );
  expect((await listen(bearer(door.sessions.token(olga)))).answer.statusCode).toBe(429);
  for (const { answer } of readers) answer.destroy();
  await eventually(() => door.sessions.holders === 0);
  expect((await listen(bearer(door.sessions.token(olga)))).answer.statusCode).toBe(200);
});

test('ends with its session', async () => {
  const token = door.sessions.token(olga);
  const reader = await listen(bearer(token));
  await eventually(() => reader.heard().length === 1);
  door.sessions.end(token, 'password_changed');
  await eventually(reader.isOver);
  expect(reader.heard().at(-1)).toEqual({ event: 'session:ended', data: { reason: 'password_changed' } });
  await eventually(() => door.sessions.holders === 0);
});

test('ends where the process stops, which does not wait for it', async () => {
  const reader = await listen(bearer(door.sessions.token(olga)));
  await eventually(() => reader.heard().length === 1);
  await door.app.close();
  await eventually(reader.isOver);
});

test('is no stream to who asks for the head alone', async () => {
  const headers = bearer(door.sessions.token(olga));
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    request(`${door.url}/events`, { method: 'HEAD', headers }, resolve).on('error', reject).end(),
  );
  await eventually(() => answer.resume().readableEnded);
  await eventually(() => door.sessions.holders === 0);
});

test('cuts off a reader who leaves too much unread', async () => {
  const room = door.chat.create(olga, boris);
  const sleeper = await listen(bearer(door.sessions.token(olga)));
  const awake = await listen(bearer(door.sessions.token(boris)));
  await eventually(() => sleeper.heard().length === 1 && awake.heard().length === 1);
  sleeper.answer.pause();
  const large = '語'.repeat(4_000);
  for (let last = 2; last < 1_500 && door.sessions.holders === 2; last++) {
    const { seq } = door.chat.say(room, boris, large);
    await eventually(() => awake.text().includes(`"seq":${seq},`));
  }
  await eventually(() => door.sessions.holders === 1);
});
