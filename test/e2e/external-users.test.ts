import { AUTH, EXTERNAL_USERS, MESSAGES, Role } from '@veche/contracts';
import { randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, Person, sharedAdmin, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { Socket } from '../harness/socket';
import { sharedDoors } from '../harness/veche';
import type { Account, Items, Room, Session, SignedIn, User } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
/** How soon a change must be felt everywhere. */
const SOON_MS = 1_000;

type External = User & { externalId: string };
interface Issued {
  accessToken: string;
  expiresIn: number;
  userId: string;
}

let admin: Person;
let server: Rest, staff: Rest;
const keyWith = async (scopes: string[]): Promise<Rest> => {
  const { secret } = await admin.rest.post<{ secret: string }>('/admin/api-keys', {
    name: unique('shop'),
    scopes,
  });
  return new Rest(gateway, secret);
};
beforeAll(async () => {
  admin = await sharedAdmin(doors);
  server = await keyWith(['users.provision']);
  staff = await keyWith(['users.provision.moderators']);
});

const path = (externalId: string): string => `/users/external/${encodeURIComponent(externalId)}`;
const upsert = (externalId: string, given: object = {}, by = server): Promise<External> =>
  by.put(path(externalId), given);
const issue = (externalId: string, by = server): Promise<Issued> => by.post(`${path(externalId)}/token`);
const signedIn = async (externalId: string): Promise<Rest> =>
  new Rest(gateway, (await issue(externalId)).accessToken);

describe("another product's user", () => {
  test('is made once, and changed where something is given', async () => {
    const id = unique('id');
    const made = await upsert(id, { displayName: 'Olga K.', email: 'olga@shop.example', bio: 'Buys' });
    expect(made).toMatchObject({
      externalId: id,
      displayName: 'Olga K.',
      email: 'olga@shop.example',
      bio: 'Buys',
      role: 'user',
    });
    expect(made.username).toMatch(/^olga-k(-\d{5})?$/);
    expect(await upsert(id, {})).toEqual(made);
    expect(await upsert(id, { displayName: 'Olga Karpova' })).toEqual({
      ...made,
      displayName: 'Olga Karpova',
    });
    const username = unique('olga');
    expect((await upsert(id, { username })).username).toBe(username);
  });

  test.each(['a/b', 'auth0|5f7c', 'olga@example.org', 'ключ', '100%', 'x'.repeat(200), '..', ' '])(
    'may be known by any id: %p',
    async (shape) => {
      const id = shape.length < 100 ? `${shape}${unique('')}` : shape;
      const made = await upsert(id, { displayName: 'Any' });
      expect(made.externalId).toBe(id);
      expect((await issue(id)).userId).toBe(made.id);
      await server.delete(path(id));
    },
  );

  test('is one account however many servers make it at once', async () => {
    const id = unique('id');
    const at = doors.gateways.map((url) => new Rest(url, server.token));
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, i) => upsert(id, { displayName: `Server ${i}` }, at[i % at.length])),
    );
    expect(new Set(made.map((user) => user.id)).size).toBe(1);
    const sessions = await Promise.all(Array.from({ length: 12 }, (_, i) => issue(id, at[i % at.length])));
    expect(new Set(sessions.map(({ userId }) => userId))).toEqual(new Set([made[0]?.id]));
    const rest = await signedIn(id);
    expect((await rest.get<Items<Session>>('/auth/sessions')).items).toHaveLength(1);
  });

  test('gets another username where the name is taken, and refuses one that was asked for', async () => {
    const name = unique('Twin').replace('-', ' ');
    const [first, second] = [
      await upsert(unique('a'), { displayName: name }),
      await upsert(unique('b'), { displayName: name }),
    ];
    expect(second.username).toMatch(new RegExp(`^${first.username}-\\d{5}$`));
    for (const username of [first.username, first.username.toUpperCase(), 'administrator'])
      await expect(upsert(unique('c'), { username })).rejects.toMatchObject({
        status: 409,
        code: 'username_taken',
      });
  });

  test('is at every door with the tokens that its server asks for', async () => {
    const id = unique('id');
    const { id: userId } = await upsert(id, { displayName: 'Olga' });
    const { accessToken, expiresIn } = await issue(id);
    expect(expiresIn).toBeGreaterThan(0);
    for (const url of doors.gateways) {
      expect((await new Rest(url, accessToken).get<User>('/users/me')).id).toBe(userId);
      const socket = await Socket.open(url, accessToken);
      expect(socket.ready.userId).toBe(userId);
      const { accessToken: next } = await issue(id);
      await socket.call('token', { token: next });
      socket.close();
    }
    const room = await new Rest(gateway, accessToken).post<Room>('/rooms', {
      name: unique('room'),
      kind: 'private',
    });
    const messages = new Grpc(MESSAGES.definition, doors.chat[0]!, accessToken);
    await messages.call('sendMessage', {
      roomId: room.id,
      text: 'by gRPC',
      clientId: randomUUID(),
      attachmentIds: [],
    });
    messages.close();
  });

  test('has no password: nobody signs in to it, registers into it or gives it one', async () => {
    const email = `${unique('victim')}@example.org`;
    const id = unique('id');
    const made = await upsert(id, { displayName: 'Victim', email });
    const password = `${PASSWORD_MARK} ${randomUUID()}`;
    for (const login of [email, made.username])
      for (const tried of [password, '', 'null'])
        await expect(
          new Rest(gateway).post('/auth/login', { login, password: tried || 'x' }),
        ).rejects.toMatchObject({
          code: 'invalid_credentials',
        });
    // whoever registers with the address has an account of their own, and neither blocks the other
    const other = await new Rest(gateway).post<SignedIn>('/auth/register', {
      username: unique('other'),
      email,
      password,
    });
    expect(other.user.id).not.toBe(made.id);
    expect((await upsert(id, { email })).id).toBe(made.id);
    expect((await upsert(unique('second'), { email })).id).not.toBe(other.user.id);
    const rest = await signedIn(id);
    for (const call of [
      rest.post('/auth/password', { currentPassword: password, newPassword: `${password}!` }),
      rest.call('DELETE', '/users/me', { password }),
      admin.rest.patch(`/admin/users/${made.id}`, { password: `${password}!` }),
    ])
      await expect(call).rejects.toMatchObject({ status: 409, code: 'external_account' });
    await admin.rest.patch<Account>(`/admin/users/${made.id}`, { email: `${unique('new')}@example.org` });
    await expect(
      new Rest(gateway).post('/auth/login', { login: email, password: 'x' }),
    ).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    const { items } = await admin.rest.get<Items<Account>>(`/admin/users?search=${made.username}`);
    expect(items.find((account) => account.id === made.id)).toMatchObject({ role: 'user' });
  });

  test('has no role that the key does not reach, and no key reaches beyond its own', async () => {
    const id = unique('id');
    for (const role of ['moderator', 'admin'])
      await expect(upsert(id, { role })).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect((await upsert(id, { role: 'guest' })).role).toBe('guest');
    const { id: userId } = await upsert(id, { role: 'moderator' }, staff);
    await expect(upsert(id, { role: 'admin' }, staff)).rejects.toMatchObject({ code: 'forbidden' });
    // with the key of users nobody becomes a moderator by asking for a token of one
    for (const call of [
      issue(id),
      upsert(id, { displayName: 'x' }),
      server.delete(path(id)),
      server.delete(`${path(id)}/sessions`),
    ])
      await expect(call).rejects.toMatchObject({ code: 'forbidden' });
    expect((await issue(id, staff)).userId).toBe(userId);
    await admin.rest.patch(`/admin/users/${userId}`, { role: 'admin' });
    await expect(issue(id, staff)).rejects.toMatchObject({ code: 'forbidden' });
    await admin.rest.patch(`/admin/users/${userId}`, { role: 'user' });
    await issue(id);
  });

  test('is nobody that people reach: not by their own rights, and not by reading keys', async () => {
    const reading = await keyWith(['users.read']);
    const person = await Person.register(doors);
    for (const rest of [person.rest, admin.rest, reading, new Rest(gateway)]) {
      const calls = [
        upsert(unique('x'), {}, rest),
        issue('x', rest),
        rest.delete(path('x')),
        rest.delete(`${path('x')}/sessions`),
      ];
      const code = rest.token ? 'forbidden' : 'unauthenticated';
      await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code })));
    }
  });
});

describe('the end', () => {
  test('of all sessions closes sockets within a second, and the next token begins anew', async () => {
    const id = unique('id');
    await upsert(id, { displayName: 'Olga' });
    const { accessToken } = await issue(id);
    const sockets = await Promise.all(doors.gateways.map((url) => Socket.open(url, accessToken)));
    await server.delete(`${path(id)}/sessions`);
    const ended = performance.now();
    await Promise.all(sockets.map((socket) => socket.closed()));
    expect(performance.now() - ended).toBeLessThan(SOON_MS);
    for (const socket of sockets) expect(socket.all('session:ended')).toEqual([{ reason: 'ended' }]);
    await expect(new Rest(gateway, accessToken).get('/users/me')).rejects.toMatchObject({
      code: 'session_ended',
    });
    await server.delete(`${path(id)}/sessions`);
    await (await signedIn(id)).get('/users/me');
    await expect(server.delete(`${path(unique('none'))}/sessions`)).rejects.toMatchObject({
      code: 'user_not_found',
    });
  });

  test('of an account closes sockets within a second, comes twice without harm, and is final', async () => {
    const id = unique('id');
    const before = await upsert(id, { displayName: 'Olga' });
    const { accessToken } = await issue(id);
    const sockets = await Promise.all(doors.gateways.map((url) => Socket.open(url, accessToken)));
    await server.delete(path(id));
    const deleted = performance.now();
    await Promise.all(sockets.map((socket) => socket.closed()));
    expect(performance.now() - deleted).toBeLessThan(SOON_MS);
    await server.delete(path(id));
    await server.delete(path(unique('never')));
    await expect(issue(id)).rejects.toMatchObject({ status: 404, code: 'user_not_found' });
    const after = await upsert(id, { displayName: 'Olga' });
    expect(after.id).not.toBe(before.id);
  });

  test('of an account that an admin has disabled', async () => {
    const id = unique('id');
    const { id: userId } = await upsert(id, { displayName: 'Olga' });
    await admin.rest.patch(`/admin/users/${userId}`, { disabled: true });
    await expect(issue(id)).rejects.toMatchObject({ status: 403, code: 'account_disabled' });
    await upsert(id, { displayName: 'Still there' });
    await expect(issue(id)).rejects.toMatchObject({ code: 'account_disabled' });
    await admin.rest.patch(`/admin/users/${userId}`, { disabled: false });
    await (await signedIn(id)).get('/users/me');
  });
});

test('the same is offered by gRPC', async () => {
  const externalId = unique('id');
  const users = new Grpc(EXTERNAL_USERS.definition, doors.auth[0]!, server.token);
  const { user } = await users.call('upsertExternalUser', {
    externalId,
    displayName: 'Olga',
    role: Role.GUEST,
  });
  const issued = await users.call('issueExternalToken', { externalId });
  expect(issued.userId).toBe(user?.id);
  const auth = new Grpc(AUTH.definition, doors.auth.at(-1)!);
  expect(await auth.call('validateSession', { accessToken: issued.accessToken })).toMatchObject({
    role: Role.GUEST,
  });
  await users.call('endExternalSessions', { externalId });
  await users.call('deleteExternalUser', { externalId });
  await expect(users.call('issueExternalToken', { externalId })).rejects.toMatchObject({
    code: 'user_not_found',
  });
  for (const wrong of ['', 'x'.repeat(201), 'a\nb', 'a\0b'])
    await expect(users.call('upsertExternalUser', { externalId: wrong })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  for (const client of [users, auth]) client.close();
});
