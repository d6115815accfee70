import { AUTH, MESSAGES, Role, RoomKind, ROOMS, USERS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, Person, sharedAdmin, unique } from '../harness/people';
import { Rest } from '../harness/rest';
import { sharedDoors } from '../harness/veche';
import type { Account, Items, Room, SignedIn } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
/** How soon a change must be felt everywhere. */
const SOON_MS = 1_000;

let admin: Person;
beforeAll(async () => {
  admin = await sharedAdmin(doors);
});

const change = (person: { id: string }, changes: object): Promise<Account> =>
  admin.rest.patch(`/admin/users/${person.id}`, changes);
const find = async (query: string): Promise<Account[]> =>
  (await admin.rest.get<Items<Account>>(`/admin/users?${query}`)).items;
const account = (username = unique('made')) => ({
  username,
  email: `${username}@example.org`,
  password: `${PASSWORD_MARK} ${randomUUID()}`,
});

describe('managing users', () => {
  test('is for admins alone, at both doors', async () => {
    const person = await Person.register(doors);
    const wanted = account();
    for (const call of [
      person.rest.get('/admin/users'),
      person.rest.post('/admin/users', wanted),
      person.rest.patch(`/admin/users/${person.id}`, { role: 'admin' }),
      person.rest.get('/admin/rooms'),
    ])
      await expect(call).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await expect(new Rest(gateway).get('/admin/users')).rejects.toMatchObject({ code: 'unauthenticated' });
    for (const address of doors.auth) {
      const users = new Grpc(USERS.definition, address, person.token);
      for (const call of [
        users.call('listAccounts', {}),
        users.call('createUser', wanted),
        users.call('updateUser', { id: person.id, role: Role.ADMIN }),
      ])
        await expect(call).rejects.toMatchObject({ code: 'forbidden' });
      users.close();
    }
    expect((await person.rest.get<{ role: string }>('/users/me')).role).toBe('user');
  });

  test('finds whom it is asked for', async () => {
    const person = await Person.register(doors, 'needle');
    const part = person.username.slice(-8);
    const [found] = await find(`search=${part}`);
    expect(found).toEqual({ ...person.user, disabled: false, lastSeenAt: expect.any(String) });
    expect(await find(`search=${part}&role=admin`)).toEqual([]);
    expect(await find(`search=${part}&disabled=true`)).toEqual([]);
    expect(await find(`search=${part}&disabled=false&role=user`)).toEqual([found]);
    await expect(find('disabled=perhaps')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(find('role=king')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('walks through everybody by pages', async () => {
    const mark = unique('page');
    const names = Array.from({ length: 5 }, (_, i) => `${mark}${i}`);
    for (const name of names) await admin.rest.post('/admin/users', account(name));
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query = `search=${mark}&limit=2${cursor && `&cursor=${cursor}`}`;
      const page: Items<Account> = await admin.rest.get(`/admin/users?${query}`);
      seen.push(...page.items.map((u) => u.username));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(names);
  });

  test('makes accounts that can be logged in to', async () => {
    const wanted = { ...account(), role: 'moderator', displayName: 'Made' };
    const made = await admin.rest.request<Account>('POST', '/admin/users', { body: wanted });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ username: wanted.username, role: 'moderator', disabled: false });
    expect(JSON.stringify(made.body)).not.toContain(wanted.password);
    const { login, password } = { login: wanted.username, password: wanted.password };
    expect((await Person.login(doors, { login, password })).user.role).toBe('moderator');
    await expect(admin.rest.post('/admin/users', wanted)).rejects.toMatchObject({ code: 'username_taken' });
  });

  test('gives a role that counts at every gateway and replica at once', async () => {
    const person = await Person.register(doors, 'promoted');
    const doorsOf = doors.gateways.map((g) => new Rest(g, person.token));
    const services = doors.chat.map((a) => new Grpc(ROOMS.definition, a, person.token));
    const may = async (): Promise<boolean[]> =>
      Promise.all([
        ...doorsOf.map((r) => r.request('GET', '/admin/rooms?limit=1').then((a) => a.status === 200)),
        ...services.map((s) =>
          s.call('listAllRooms', { limit: 1 }).then(
            () => true,
            () => false,
          ),
        ),
      ]);
    const everywhere = async (wanted: boolean): Promise<boolean> =>
      (await may()).every((allowed) => allowed === wanted);
    expect(await everywhere(false)).toBe(true);
    await change(person, { role: 'admin' });
    await eventually(() => everywhere(true), { within: SOON_MS });
    await change(person, { role: 'user' });
    await eventually(() => everywhere(false), { within: SOON_MS });
    services.forEach((s) => s.close());
  });

  test('ends a disabled account everywhere within a second, and says why', async () => {
    const person = await Person.register(doors, 'disabled');
    const phone = await person.anotherDevice('phone');
    const room = await person.createRoom('private');
    const sockets = await Promise.all(
      doors.gateways.flatMap((g) => [person.socket(g), phone.socket(g, { transports: ['polling'] })]),
    );
    const channels = doors.chat.map((address) => new Grpc(MESSAGES.definition, address, phone.token));
    const streams = channels.map((c) => c.stream('connect', { roomId: room.id, after: 0 }));
    await Promise.all(streams.map((s) => s.hears(() => true)));
    const refreshing = new Rest(gateway);
    const credentials = { login: person.username, password: person.password };
    const { refreshToken } = await refreshing.post<SignedIn>('/auth/login', {
      ...credentials,
      tokenTransport: 'body',
    });

    expect(await change(person, { disabled: true })).toMatchObject({ disabled: true });
    const disabled = performance.now();
    await Promise.all(sockets.map((s) => s.closed()));
    const failures = await Promise.all(streams.map((s) => s.fails()));
    expect(performance.now() - disabled).toBeLessThan(SOON_MS);
    for (const socket of sockets)
      expect(socket.all('session:ended')).toEqual([{ reason: 'account_disabled' }]);
    for (const failure of failures) expect(failure.code).toBe('session_ended');

    for (const g of doors.gateways)
      await expect(new Rest(g, person.token).get('/users/me')).rejects.toMatchObject({
        code: 'session_ended',
        problem: { detail: 'account_disabled' },
      });
    await expect(refreshing.post('/auth/refresh', { refreshToken })).rejects.toMatchObject({
      code: 'session_ended',
      problem: { detail: 'account_disabled' },
    });
    const login = (password: string) => Person.login(doors, { ...credentials, password });
    await expect(login(person.password)).rejects.toMatchObject({ status: 403, code: 'account_disabled' });
    // a stranger, who does not know the password, hears what they would of nobody
    await expect(login(`${PASSWORD_MARK} no`)).rejects.toMatchObject({ code: 'invalid_credentials' });
    const auth = new Grpc(AUTH.definition, doors.auth.at(-1)!);
    await expect(auth.call('login', credentials)).rejects.toMatchObject({ code: 'account_disabled' });
    await expect(auth.call('validateSession', { accessToken: phone.token })).rejects.toMatchObject({
      code: 'session_ended',
    });

    expect(await change(person, { disabled: false })).toMatchObject({ disabled: false });
    expect((await login(person.password)).id).toBe(person.id);
    [auth, ...channels].forEach((c) => c.close());
    person.leave();
    phone.leave();
  });

  test('gives a new password, and the old one opens nothing any more', async () => {
    const person = await Person.register(doors);
    const password = `${PASSWORD_MARK} ${randomUUID()}`;
    await change(person, { password });
    await expect(person.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    await expect(
      Person.login(doors, { login: person.username, password: person.password }),
    ).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect((await Person.login(doors, { login: person.username, password })).id).toBe(person.id);
  });

  test('leaves somebody who may: the last admin is neither demoted nor disabled', async () => {
    for (const changes of [{ role: 'user' }, { disabled: true }])
      await expect(change(admin, changes)).rejects.toMatchObject({ status: 409, code: 'last_admin' });
    await admin.rest.get('/admin/users?limit=1');
  });

  test('is the same at the gRPC door', async () => {
    const users = new Grpc(USERS.definition, doors.auth.at(-1)!, admin.token);
    const wanted = account();
    const made = await users.call('createUser', { ...wanted, role: Role.GUEST });
    const id = made.account?.user?.id ?? '';
    const changed = await users.call('updateUser', { id, role: Role.MODERATOR, disabled: true });
    expect(changed.account).toMatchObject({
      user: { id, role: Role.MODERATOR },
      disabledAt: expect.any(Date),
    });
    const listed = await users.call('listAccounts', { search: wanted.username });
    expect(listed.accounts).toEqual([changed.account]);
    expect(await find(`search=${wanted.username}`)).toMatchObject([
      { id, role: 'moderator', disabled: true, disabledAt: changed.account?.disabledAt?.toISOString() },
    ]);
    await expect(users.call('updateUser', { id: admin.id, role: Role.USER })).rejects.toMatchObject({
      code: 'last_admin',
    });
    users.close();
  });
});

describe('managing rooms', () => {
  test('lists all but the direct ones and deletes any of them, without looking into private ones', async () => {
    const [person, other] = [await Person.register(doors), await Person.register(doors)];
    const mark = unique('managed');
    const open = await person.createRoom('public', [], `${mark} open`);
    const closed = await person.createRoom('private', [other], `${mark} closed`);
    await person.rest.post('/rooms/direct', { userId: other.id });
    const list = async (query: string): Promise<string[]> =>
      (await admin.rest.get<Items<Room>>(`/admin/rooms?search=${mark}${query}`)).items.map((r) => r.id);
    expect(await list('')).toEqual([closed.id, open.id]);
    expect(await list('&kind=private')).toEqual([closed.id]);
    const all = (await admin.rest.get<Items<Room>>('/admin/rooms?limit=100')).items;
    expect(all.filter((room) => room.kind === 'direct')).toEqual([]);

    await expect(admin.rest.get(`/rooms/${closed.id}/messages`)).rejects.toMatchObject({
      code: 'room_not_found',
    });
    const socket = await other.socket();
    expect((await admin.rest.request('DELETE', `/rooms/${closed.id}`)).status).toBe(204);
    await socket.hears<{ roomId: string }>('room:removed', ({ roomId }) => roomId === closed.id);
    await expect(person.rest.get(`/rooms/${closed.id}`)).rejects.toMatchObject({ code: 'room_not_found' });
    const rooms = new Grpc(ROOMS.definition, doors.chat.at(-1)!, admin.token);
    expect((await rooms.call('listAllRooms', { search: mark, kind: RoomKind.PUBLIC })).rooms).toMatchObject([
      { id: open.id },
    ]);
    await rooms.call('deleteRoom', { roomId: open.id });
    expect(await list('')).toEqual([]);
    rooms.close();
    other.leave();
  });
});
