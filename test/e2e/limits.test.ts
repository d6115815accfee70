import { MESSAGES } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, Person, unique } from '../harness/people';
import { Refused, Rest } from '../harness/rest';
import { shapeOfRun, Veche } from '../harness/veche';

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun(), { env: { AUTH_RATE_LIMIT: '8', RATE_LIMIT: '60' } });
});
afterAll(async () => {
  await veche.stop();
  await veche.destroy();
});

test('who calls too often is told when to come back, and nobody else is held up', async () => {
  const [gateway = ''] = veche.doors.gateways;
  const [hasty, patient] = [
    await Person.register(veche.doors, 'h', gateway),
    await Person.register(veche.doors, 'p', gateway),
  ];
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => hasty.rest.request<{ code?: string }>('GET', '/users/me')),
  );
  const refused = answers.filter((a) => a.status !== 200);
  expect(answers.filter((a) => a.status === 200).length).toBeGreaterThanOrEqual(20);
  expect(refused.length).toBeGreaterThanOrEqual(20);
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  await patient.rest.get('/users/me');

  const socket = await patient.socket(gateway);
  const room = await patient.createRoom('private');
  const calls = await Promise.all(
    Array.from({ length: 120 }, () =>
      socket.send(room.id, 'flood', randomUUID()).then(
        () => 'sent',
        (error: unknown) => (error instanceof Refused ? error.code : String(error)),
      ),
    ),
  );
  expect(new Set(calls)).toEqual(new Set(['sent', 'rate_limited']));
  expect(calls.filter((c) => c === 'sent').length).toBeLessThanOrEqual(60);
  expect(socket.disconnects).toEqual([]);
  patient.leave();
});

test('who opens stream after stream is stopped, until one of them has ended', async () => {
  const [chat = ''] = veche.doors.chat;
  const [greedy, modest] = [await Person.register(veche.doors), await Person.register(veche.doors)];
  const room = await greedy.createRoom('private', [modest]);
  const client = new Grpc(MESSAGES.definition, chat, greedy.token);
  const other = new Grpc(MESSAGES.definition, chat, modest.token);
  const open = (by = client) => by.stream('connect', { roomId: room.id, after: 0 });
  const streams = Array.from({ length: 32 }, () => open());
  await Promise.all(streams.map((stream) => stream.hears(() => true)));
  expect(await open().fails()).toMatchObject({ code: 'rate_limited' });
  await open(other).hears(() => true);
  streams[0]?.close();
  await eventually(async () => {
    const another = open();
    await eventually(() => another.error ?? another.heard[0]);
    return another.error === undefined;
  });
  client.close();
  other.close();
});

test('who guesses passwords is stopped, whichever names they try', async () => {
  const began = performance.now();
  const rest = new Rest(veche.doors.gateways.at(-1)!);
  const codes: string[] = [];
  for (let i = 0; i < 20; i++) {
    const body = { login: unique('guess'), password: `${PASSWORD_MARK} ${i}` };
    codes.push((await rest.request<{ code: string }>('POST', '/auth/login', { body })).body.code);
  }
  expect(codes.at(-1)).toBe('rate_limited');
  // eight in a minute: each part of one in which they guess gives another try
  const refilled = Math.ceil((performance.now() - began) / (60_000 / 8));
  expect(codes.filter((c) => c === 'invalid_credentials').length).toBeLessThanOrEqual(8 + refilled);
});
