import { MESSAGES } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { Person, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { Socket } from '../harness/socket';
import { shapeOfRun, Veche } from '../harness/veche';

type Line = Record<string, unknown> & { req?: { method: string; path: string } };

let veche: Veche;
beforeAll(async () => {
  veche = await Veche.start(shapeOfRun(), { env: { LOG_LEVEL: 'trace' } });
});
afterAll(() => veche.destroy(), 30_000);

const lines = (): Line[] =>
  veche.logs.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []));

test('what people wrote, their passwords and their tokens are in no line of any process, at any level', async () => {
  const canaries: string[] = [];
  const canary = (what: string): string => {
    const planted = `canary-${what}-${randomUUID()}`;
    canaries.push(planted);
    return planted;
  };
  const { doors } = veche;
  const person = await Person.register(doors, 'canary');
  const room = await person.createRoom('private');
  const socket = await person.socket();
  const grpc = new Grpc(MESSAGES.definition, doors.chat[0]!, person.token);
  const refused = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => Promise.reject(new Error('this was to be refused')),
      (error: unknown) => error,
    );

  const { seq } = await person.send(room.id, canary('rest'));
  await person.rest.patch(`/rooms/${room.id}/messages/${seq}`, { text: canary('edit') });
  await refused(person.send(room.id, canary('long').repeat(200)));
  await refused(person.rest.post(`/rooms/${room.id}/messages`, { [canary('field')]: canary('value') }));
  await person.rest.get(`/users?search=${canary('search')}`);
  await socket.send(room.id, canary('socket'), randomUUID());
  await refused(socket.call('message:send', { roomId: canary('room'), text: canary('refused') }));
  await refused(socket.call(canary('call'), { text: canary('uncalled') }));
  await grpc.call('sendMessage', {
    roomId: room.id,
    text: canary('grpc'),
    clientId: randomUUID(),
    attachmentIds: [],
  });
  await refused(
    grpc.call('sendMessage', { roomId: canary('grpc-room'), text: 'x', clientId: 'x', attachmentIds: [] }),
  );
  const stranger = new Rest(doors.gateways[0]!);
  await refused(stranger.post('/auth/login', { login: person.username, password: canary('password') }));
  await refused(stranger.post('/auth/login', { login: canary('login'), password: canary('unknown') }));
  await refused(
    stranger.post('/auth/register', {
      username: unique('a'),
      email: canary('email'),
      password: canary('new'),
    }),
  );
  await refused(stranger.post('/auth/refresh', { refreshToken: canary('refresh') }));
  stranger.token = canary('bearer');
  await refused(stranger.get('/users/me'));
  await refused(Socket.open(doors.gateways[0]!, canary('handshake')));
  await refused(
    new Grpc(MESSAGES.definition, doors.chat[0]!, canary('metadata')).call('listMessages', {
      roomId: room.id,
    }),
  );
  person.leave();

  await eventually(() => lines().some(({ msg }) => msg === 'disconnected'));
  const written = veche.logs;
  expect([...canaries, person.password, person.token].filter((planted) => written.includes(planted))).toEqual(
    [],
  );
});

test('each call at each door has a line that says who called from where, and the process and its version', async () => {
  const person = await Person.register(veche.doors, 'caller');
  const room = await person.createRoom('private');
  const socket = await person.socket();
  await socket.send(room.id, 'x', randomUUID());
  await new Grpc(MESSAGES.definition, veche.doors.chat[0]!, person.token).call('listMessages', {
    roomId: room.id,
    limit: 1,
  });
  person.leave();
  const theirs = { user: person.id, address: '127.0.0.1', session: expect.any(String) as string };
  const process = {
    service: expect.any(String) as string,
    version: '0.1.0',
    pid: expect.any(Number) as number,
  };
  const all = { ...theirs, ...process };
  await eventually(() => lines().some((line) => line.msg === 'disconnected' && line.user === person.id));
  const found = lines();
  for (const line of [
    { req: { method: 'POST', path: '/api/v1/rooms' }, res: { status: 201 } },
    { msg: 'connected' },
    { call: 'message:send', code: 'ok', msg: 'call answered', requestId: expect.any(String) as string },
    {
      call: 'veche.chat.v1.MessageService/ListMessages',
      code: 'OK',
      requestId: expect.any(String) as string,
    },
    { msg: 'disconnected' },
  ])
    expect(found).toContainEqual(expect.objectContaining({ ...all, ...line }));
});
