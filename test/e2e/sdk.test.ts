import {
  connect,
  createApi,
  createSession,
  type Client,
  type ConnectionState,
  VecheError,
} from '@veche/client';
import { eventually } from '@veche/testing';
import { nextGateway, Person, register, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';

const doors = sharedDoors();
const clients: Client[] = [];
const clientOf = (person: Person): Client => {
  const client = connect({ url: nextGateway(doors), token: person.token });
  clients.push(client);
  return client;
};
afterEach(() => clients.splice(0).forEach((client) => client.close()));

const statusOf = (client: Client): ConnectionState['status'] => client.connection.get().status;
const loaded = (client: Client) => eventually(() => client.rooms.get().loaded);
const watch = (client: Client, roomId: string) => {
  const room = client.room(roomId);
  room.timeline.subscribe(() => undefined);
  room.members.subscribe(() => undefined);
  return room;
};
const texts = (client: Client, roomId: string): string[] =>
  client
    .room(roomId)
    .timeline.get()
    .entries.flatMap((entry) => (entry.type === 'message.created' ? [entry.text] : []));

test('a client knows its rooms, follows them, and shows what it sends at once', async () => {
  const [anna, boris] = (await register(doors, 'anna', 'boris')) as [Person, Person];
  const room = await anna.createRoom('private', [boris]);
  const [hers, his] = [clientOf(anna), clientOf(boris)];
  await loaded(hers);
  await loaded(his);
  watch(his, room.id);
  const mine = watch(hers, room.id);
  await eventually(() => mine.timeline.get().status === 'ready' && mine.members.get().items.length === 2);

  const { committed, clientId } = mine.send('hello');
  expect(mine.timeline.get().pending).toMatchObject([{ clientId, text: 'hello', state: 'queued' }]);
  const entry = await committed;
  expect(entry).toMatchObject({ text: 'hello', actorId: anna.id, clientId });
  await eventually(() => texts(his, room.id).includes('hello'));
  await eventually(() => mine.timeline.get().pending.length === 0 && texts(hers, room.id).includes('hello'));

  expect(his.room(room.id).overview.get()).toMatchObject({ unread: 1, lastMessage: { text: 'hello' } });
  his.room(room.id).markRead();
  expect(his.room(room.id).overview.get()).toMatchObject({ unread: 0, readSeq: entry.seq });
  await eventually(() => mine.members.get().items.find((m) => m.userId === boris.id)?.readSeq === entry.seq);
  const name = hers.person(boris.id);
  await eventually(() => name.get()?.username === boris.username);
});

test('what did not change stays the same object', async () => {
  const [anna] = (await register(doors, 'anna')) as [Person];
  const room = await anna.createRoom('public');
  const client = clientOf(anna);
  await loaded(client);
  const { timeline, overview } = watch(client, room.id);
  await eventually(() => timeline.get().status === 'ready');
  const before = [timeline.get(), overview.get(), client.rooms.get(), client.connection.get()];
  await new Promise((resolve) => setTimeout(resolve, 50));
  const after = [timeline.get(), overview.get(), client.rooms.get(), client.connection.get()];
  before.forEach((value, i) => expect(after[i]).toBe(value));
  expect(client.room(room.id)).toBe(client.room(room.id));
});

test('rooms come and go', async () => {
  const [anna, boris] = (await register(doors, 'anna', 'boris')) as [Person, Person];
  const his = clientOf(boris);
  await loaded(his);
  expect(his.rooms.get().items).toEqual([]);
  const room = await anna.createRoom('private', [boris]);
  await eventually(() => his.rooms.get().items.some(({ id }) => id === room.id));
  const gone: string[] = [];
  his.on('room:removed', ({ roomId }) => gone.push(roomId));
  await anna.rest.delete(`/rooms/${room.id}/members/${boris.id}`);
  await eventually(() => gone.includes(room.id));
  expect(his.rooms.get().items).toEqual([]);
  await expect(his.room(room.id).send('am I still here?').committed).rejects.toMatchObject({
    code: expect.stringMatching(/not_a_member|room_not_found/),
  });
  expect(his.room(room.id).timeline.get().pending).toMatchObject([{ state: 'failed' }]);
});

test('a long log is read page by page, from any place to either end', async () => {
  const [anna] = (await register(doors, 'anna')) as [Person];
  const room = await anna.createRoom('public');
  for (let i = 0; i < 260; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, k) => anna.send(room.id, `${i + k}`)));
  const client = clientOf(anna);
  await loaded(client);
  const { timeline, ...handle } = watch(client, room.id);
  await eventually(() => timeline.get().status === 'ready');
  const numbers = (): number[] => timeline.get().entries.map(({ seq }) => seq);
  const last = 261;
  expect(numbers().at(-1)).toBe(last);
  expect(timeline.get()).toMatchObject({ reachedStart: false, reachedEnd: true });
  while (!timeline.get().reachedStart) await handle.loadOlder();
  expect(numbers()).toEqual(Array.from({ length: last }, (_, i) => i + 1));

  await handle.loadAround(100);
  expect(timeline.get()).toMatchObject({ reachedStart: false, reachedEnd: false });
  expect(numbers()).toContain(100);
  await handle.send('from far away').committed;
  while (!timeline.get().reachedEnd) await handle.loadNewer();
  expect(numbers().at(-1)).toBe(last + 1);
  await handle.send('and here').committed;
  await eventually(() => numbers().at(-1) === last + 2);
  const [first = 0] = numbers();
  expect(numbers()).toEqual(Array.from({ length: last + 3 - first }, (_, i) => first + i));
});

test('a message that was committed before its room was known is not shown as pending for ever', async () => {
  const [anna] = (await register(doors, 'anna')) as [Person];
  const client = clientOf(anna);
  await loaded(client);
  const { fetch } = globalThis;
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const fetching = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, options) => {
    if (url instanceof Request || url.toString().includes('/rooms?')) await held;
    return fetch(url, options);
  });
  try {
    const { id } = await anna.createRoom('private');
    const room = watch(client, id);
    await eventually(() => fetching.mock.calls.length > 0);
    await room.send('nobody has told me of this room').committed;
    expect(room.overview.get()).toBeUndefined();
    goOn();
    await eventually(() => texts(client, id).length === 1);
    await eventually(() => room.timeline.get().pending.length === 0);
  } finally {
    fetching.mockRestore();
  }
});

test('a token that is none ends as one, in the connection and in calls', async () => {
  const client = connect({ url: nextGateway(doors), token: 'garbage' });
  await eventually(() => client.connection.get().status === 'ended');
  expect(client.connection.get()).toMatchObject({ reason: 'invalid_token' });
  await expect(client.api.users.me()).rejects.toMatchObject({ code: 'invalid_token' });
  client.close();
});

test('an ended session is told with its reason', async () => {
  const [anna] = (await register(doors, 'anna')) as [Person];
  const client = clientOf(anna);
  await eventually(() => statusOf(client) === 'online');
  await anna.rest.post('/auth/logout');
  await eventually(() => statusOf(client) === 'ended');
  expect(client.connection.get()).toMatchObject({ reason: 'logout' });
});

test('a session signs in, renews its token, goes on later, and ends', async () => {
  const url = nextGateway(doors);
  let kept: string | undefined;
  const keep = (token: string | undefined): void => void (kept = token);
  const session = createSession({
    url,
    tokenTransport: 'body',
    keepRefreshToken: keep,
    deviceName: 'a test',
  });
  const username = unique('vera');
  const account = { username, email: `${username}@example.org`, password: 'correct horse battery' };
  await session.register(account);
  expect(session.user.get()).toMatchObject({ username });
  const api = createApi({ url, getToken: session.getToken });
  expect((await api.sessions.list()).items).toMatchObject([{ deviceName: 'a test', current: true }]);

  const later = createSession({ url, tokenTransport: 'body', refreshToken: kept, keepRefreshToken: keep });
  expect(await later.resume()).toMatchObject({ username });
  await later.logout();
  expect(kept).toBeUndefined();
  expect(later.user.get()).toBeUndefined();
  const refused = await createSession({ url, tokenTransport: 'body' })
    .login({ login: username, password: 'wrong horse battery' })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(VecheError);
  expect(refused).toMatchObject({ code: 'invalid_credentials' });
  await expect(session.register({ ...account, username: 'x' })).rejects.toMatchObject({
    code: 'invalid_input',
    errors: [expect.objectContaining({ field: 'username' })],
  });
});
