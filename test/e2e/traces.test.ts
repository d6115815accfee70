import { connect } from '@veche/client';
import { MESSAGES } from '@veche/contracts';
import { eventually, OtlpReceiver, type ReceivedSpan } from '@veche/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { Person } from '../harness/people';
import { shapeOfRun, Veche } from '../harness/veche';
import type { Entry } from '../harness/wire';

const shape = shapeOfRun();
const SEND = 'veche.chat.v1.MessageService/sendMessage';

let receiver: OtlpReceiver;
let veche: Veche;
beforeAll(async () => {
  receiver = await OtlpReceiver.open();
  veche = await Veche.start(shape, {
    env: {
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20key',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    },
  });
});
afterAll(async () => {
  await veche.destroy();
  receiver.close();
});

/** The span of a caller who records it. */
const caller = (flags = '01') => {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
};

const ofTrace = (traceId: string): ReceivedSpan[] =>
  receiver.spans.filter((span) => span.traceId === traceId);

/** The names of a span and of those above it, up to the caller's. */
const wayTo = (name: string, traceId: string): string[] => {
  const spans = ofTrace(traceId);
  const way: string[] = [];
  for (let at = spans.find((span) => span.name === name); at;) {
    way.unshift(at.name);
    const { parentId } = at;
    at = spans.find(({ spanId }) => spanId === parentId);
    if (!at) way.unshift(parentId);
  }
  return way;
};

const separate = shape === 'micro';
/** What only a call over the network has. */
const overNetwork = (...names: string[]): string[] => (separate ? names : []);

/** A trace is told in parts, by each of its processes: it is there when nothing but the caller's span is missing above them. */
const told = (
  { traceId, spanId }: Pick<ReceivedSpan, 'traceId' | 'spanId'>,
  ...names: string[]
): Promise<unknown> =>
  eventually(() => {
    const spans = ofTrace(traceId);
    const ids = new Set([spanId, ...spans.map((span) => span.spanId)]);
    return (
      names.every((name) => spans.some((span) => span.name === name)) &&
      spans.every(({ parentId }) => ids.has(parentId))
    );
  });

test('a send is one trace, from the call of its sender by every door to the devices of the others', async () => {
  const sender = await Person.register(veche.doors, 'sender');
  const room = await sender.createRoom('private');
  const socket = await sender.socket();
  const [byRest, bySocket, bySdk] = [caller(), caller(), caller()];
  const byGrpc = veche.doors.chat.map((chat) => ({ chat, ...caller() }));
  const rest = await sender.rest.request<Entry>('POST', `/rooms/${room.id}/messages`, {
    body: { text: 'by REST', clientId: randomUUID() },
    headers: { traceparent: byRest.traceparent },
  });
  expect(rest.status).toBe(201);
  const message = { roomId: room.id, text: 'by a socket', clientId: randomUUID() };
  expect(
    await socket.io
      .timeout(10_000)
      .emitWithAck('message:send', message, { traceparent: bySocket.traceparent }),
  ).toMatchObject({ ok: true });
  for (const { chat, traceparent } of byGrpc) {
    const grpc = new Grpc(MESSAGES.definition, chat, sender.token);
    const sent = {
      roomId: room.id,
      text: 'by gRPC',
      clientId: randomUUID(),
      replyTo: undefined,
      attachmentIds: [],
    };
    await grpc.call('sendMessage', sent, { metadata: { traceparent } });
    grpc.close();
  }
  let current = '';
  const client = connect({ url: sender.rest.gateway, token: sender.token, traceparent: () => current });
  await eventually(() => client.rooms.get().loaded);
  current = bySdk.traceparent;
  await client.room(room.id).send('by the SDK').committed;
  client.close();

  const doors = [
    { ...byRest, door: ['POST /api/v1/rooms/:roomId/messages', ...overNetwork(SEND)] },
    { ...bySocket, door: ['message:send', ...overNetwork(SEND)] },
    ...byGrpc.map((by) => ({ ...by, door: [] })),
    { ...bySdk, door: ['message:send', ...overNetwork(SEND)] },
  ];
  for (const { traceId, spanId, door } of doors) {
    await told(
      { traceId, spanId },
      SEND,
      'commit',
      'query chat',
      'deliver',
      ...(shape === 'embedded' ? [] : ['publish']),
    );
    const toCommit = [spanId, ...door, SEND, 'commit'];
    expect(wayTo('query chat', traceId)).toEqual([...toCommit, 'query chat']);
    // between replicas by the bus, unless the one that has committed serves the gateway itself
    const toDevice = wayTo('deliver', traceId).filter((name) => name !== 'publish' && name !== 'receive');
    expect(toDevice).toEqual([...toCommit, 'deliver']);
    const [commit, sent] = ['commit', SEND].map((name) => ofTrace(traceId).findLast((s) => s.name === name));
    const answering = ofTrace(traceId).find(({ spanId: id }) => id === commit?.parentId);
    expect(answering).toMatchObject({ name: SEND, attributes: { 'veche.room.id': room.id } });
    expect(commit?.links).toEqual([answering?.spanId]);
    expect(sent).toMatchObject({ failed: false });
  }
  // a replica of two does not serve the sender's gateway
  if (separate)
    await eventually(() => byGrpc.some(({ traceId }) => wayTo('receive', traceId).includes('publish')));
  const services = new Set(ofTrace(byRest.traceId).map(({ service }) => service));
  expect(services).toEqual(new Set(separate ? ['veche-gateway', 'veche-chat'] : ['veche']));
  expect(receiver.headers[0]).toMatchObject({ 'api-key': 'a key' });

  // whoever reads a line finds the trace, in each process
  const lines = veche.logs.split('\n').filter((line) => line.includes(`"trace":"${byRest.traceId}"`));
  expect(lines.length).toBeGreaterThan(0);
  sender.leave();
});

test('messages that share a commit are each in a trace of their own, and lead to it, as it does to them', async () => {
  const sender = await Person.register(veche.doors, 'sharer');
  const room = await sender.createRoom('private');
  const socket = await sender.socket();
  const shared = (): ReceivedSpan | undefined =>
    receiver.spans.find(({ name, links, attributes }) => {
      return name === 'commit' && links.length > 1 && attributes['veche.messages'] === links.length;
    });
  const commit = await eventually(async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => socket.send(room.id, `one of many: ${i}`, randomUUID())),
    );
    return shared();
  });
  const linked = await eventually(() => {
    const found = receiver.spans.filter(({ spanId, name }) => name === SEND && commit.links.includes(spanId));
    return found.length === commit.links.length && found;
  });
  expect(new Set(linked.map(({ traceId }) => traceId)).size).toBe(linked.length);
  const others = linked.filter(({ spanId }) => spanId !== commit.parentId);
  expect(others).toHaveLength(linked.length - 1);
  for (const { links } of others) expect(links).toEqual([commit.spanId]);
  sender.leave();
});

test('what is refused says why in a word, and what a caller does not record is not sent', async () => {
  const person = await Person.register(veche.doors, 'refused');
  const [refused, unrecorded] = [caller(), caller('00')];
  const post = (roomId: string, traceparent: string) =>
    person.rest.request('POST', `/rooms/${roomId}/messages`, {
      body: { text: 'to nobody', clientId: randomUUID() },
      headers: { traceparent },
    });
  const room = await person.createRoom('private');
  await post(room.id, unrecorded.traceparent);
  expect((await post(randomUUID(), refused.traceparent)).status).toBe(404);
  await told(refused, SEND, 'POST /api/v1/rooms/:roomId/messages');
  // the span of who was called, which another process may tell later than the caller does
  const answered = () => ofTrace(refused.traceId).find(({ kind, name }) => name === SEND && kind !== 3);
  await eventually(() => answered() !== undefined);
  expect(answered()).toMatchObject({ attributes: { 'error.type': 'room_not_found' }, failed: false });
  // it was answered before, and by the same processes
  expect(ofTrace(unrecorded.traceId)).toEqual([]);
});

test('nothing of what people write, of their names and of their tokens is in a trace', async () => {
  const person = await Person.register(veche.doors, 'canary');
  const room = await person.createRoom('private', [], `canary-${randomUUID()}`);
  const socket = await person.socket();
  const canary = `canary-${randomUUID()}`;
  const called = caller();
  await person.rest.get(`/users?search=${canary}`);
  await person.rest.request('GET', `//api/v1/${canary}`);
  await socket.call(canary, {}).catch(() => undefined);
  const { seq } = await person.send(room.id, canary, canary);
  await person.rest.patch(`/rooms/${room.id}/messages/${seq}`, { text: `${canary} edited` });
  await person.anotherDevice(canary);
  await person.rest.request('GET', '/rooms', { headers: { traceparent: called.traceparent } });
  await told(called, 'GET /api/v1/rooms');
  const sent = Buffer.concat(receiver.bodies).toString('latin1');
  expect(sent).toContain('veche.chat.v1');
  const planted = [canary, room.name, person.username, person.user.email, person.password, person.token];
  expect(planted.filter((one) => one && sent.includes(one))).toEqual([]);
  person.leave();
});

test('a process sends its last spans before it leaves, and one whose receiver hangs answers and leaves all the same', async () => {
  const person = await Person.register(veche.doors, 'last');
  const { traceId, traceparent } = caller();
  await person.rest.request('GET', '/rooms', { headers: { traceparent } });
  await veche.stop();
  expect(ofTrace(traceId).map(({ name }) => name)).toContain('GET /api/v1/rooms');

  receiver.isHanging = true;
  await veche.launch();
  const room = await person.createRoom('private');
  await person.send(room.id, 'hello');
  // with code 0, and within what the product promises
  await veche.stop();
});
