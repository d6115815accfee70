import specification from '@asyncapi/specs/schemas/3.0.0-without-$id.json';
import Ajv from 'ajv';
import { randomUUID } from 'node:crypto';
import { register } from '../harness/people';
import { Rest } from '../harness/rest';
import { sharedDoors } from '../harness/veche';
import { inTurns } from '../harness/waiting';

interface Operation {
  action: 'send' | 'receive';
  messages: { $ref: string }[];
  reply?: { messages: { $ref: string }[] };
}
interface Document {
  asyncapi: string;
  operations: Record<string, Operation>;
  components: { messages: Record<string, { name: string }>; schemas: Record<string, object> };
}

const doors = sharedDoors();
const rest = new Rest(doors.gateways[0] ?? '');
let document: Document;
let ajv: Ajv;
beforeAll(async () => {
  document = await rest.get<Document>('//docs/events.json');
  ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addSchema(document, 'events');
});

/** What is wrong with a payload as the message of that name. */
const wrong = (key: string, payload: unknown): unknown => {
  const schema = { $ref: `events#/components/messages/${key.replaceAll(':', '.')}/payload` };
  ajv.validate(schema, payload);
  return ajv.errors ?? [];
};

/** A path within the document. */
const at = (path: string): unknown =>
  path
    .slice(2)
    .split('/')
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);

test('every reference in it leads somewhere', () => {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
  expect(refs.length).toBeGreaterThan(50);
  expect(refs.filter((ref) => at(ref) === undefined)).toEqual([]);
});

test('it is an AsyncAPI document', () => {
  expect(document.asyncapi).toBe('3.0.0');
  const official = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  official.validate(specification, document);
  expect(official.errors).toBeNull();
  const [name = ''] = Object.keys(document.operations);
  const broken = { ...document.operations, [name]: { ...document.operations[name], action: 'shout' } };
  expect(official.validate(specification, { ...document, operations: broken })).toBe(false);
});

test('what is said over a socket is what it says, in both directions', async () => {
  const [olga, boris] = await register(doors, 'olga', 'boris');
  if (!olga || !boris) throw new Error('nobody is there');
  const room = await olga.createRoom('private');
  // more than one frame has
  await inTurns(Array.from({ length: 200 }), 8, () => olga.createRoom('private'));
  const socket = await olga.socket();
  const heard = new Set<string>();
  const call = async (name: string, payload: object): Promise<void> => {
    expect(wrong(name, payload)).toEqual([]);
    const answer = (await socket.io.timeout(10_000).emitWithAck(name, payload)) as unknown;
    expect(wrong(`${name}.answer`, answer)).toEqual([]);
    heard.add(name);
  };
  await call('message:send', { roomId: room.id, text: 'Hello!', clientId: randomUUID() });
  await call('message:send', { roomId: room.id, text: '', clientId: randomUUID() });
  const { seq } = await olga.send(room.id, 'One second');
  await call('message:edit', { roomId: room.id, seq, text: 'A minute' });
  await call('message:react', { roomId: room.id, seq, emoji: '👍', on: true });
  await call('message:pin', { roomId: room.id, seq, on: true });
  const reply = { roomId: room.id, text: 'In a thread', clientId: randomUUID(), threadSeq: seq };
  await call('message:send', { ...reply, alsoInRoom: true });
  await call('thread:follow', { roomId: room.id, threadSeq: seq, on: false });
  await call('read', { roomId: room.id, seq, threadSeq: seq, back: true });
  await socket.hears('thread');
  await call('message:delete', { roomId: room.id, seq });
  await call('room:enter', { roomId: room.id });
  await call('sync', { rooms: { [room.id]: 0, [randomUUID()]: 0 } });
  await call('read', { roomId: room.id, seq: 1 });
  await call('status', {
    emoji: '🌴',
    text: 'On holiday',
    until: new Date(Date.now() + 60_000).toISOString(),
  });
  await call('presence:watch', { userIds: [boris.id] });
  await call('presence:idle', { idle: false });
  await call('typing', { roomId: room.id, on: true });
  await socket.hears('reads');
  await call('room:exit', { roomId: room.id });
  await call('token', { token: olga.token });
  const other = await boris.createRoom('public', [olga]);
  await socket.hears('room:added');
  await call('room:enter', { roomId: other.id });
  await (await boris.socket()).call('typing', { roomId: other.id, on: true });
  await socket.hears('typing');
  await olga.rest.request('PATCH', `/rooms/${room.id}/preferences`, { body: { favourite: true } });
  await socket.hears('room:preferences');
  await olga.rest.request('PATCH', '/users/me/preferences', { body: { directLevel: 'mentions' } });
  await socket.hears('preferences');
  await olga.rest.post(`/rooms/${other.id}/leave`);
  await socket.hears('room:removed');
  await boris.rest.post(`/rooms/${other.id}/members`, { userId: olga.id });
  await socket.hears('invitation');
  await olga.rest.post('/auth/logout');
  await socket.hears('session:ended');

  for (const { event, data } of socket.heard) {
    heard.add(`event.${event}`);
    expect([event, wrong(`event.${event}`, data)]).toEqual([event, []]);
  }
  // whatever is documented was said here
  const documented = Object.values(document.operations).flatMap(({ messages }) =>
    messages.map(({ $ref }) => $ref.slice($ref.lastIndexOf('/') + 1)),
  );
  // of rooms larger than can be made here: large-rooms.test.ts
  heard.add('event.room:moved');
  expect([...heard].map((name) => name.replaceAll(':', '.')).sort()).toEqual(documented.sort());
});

test('is a page, too', async () => {
  const page = await rest.request<string>('GET', '//docs/events');
  expect(page.status).toBe(200);
  for (const { name } of Object.values(document.components.messages).filter(
    ({ name }) => !name.includes(','),
  ))
    expect(page.body).toContain(`<h3><code>${name}</code></h3>`);
  expect(page.body).not.toContain('undefined');
});
