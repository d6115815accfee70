import { connect } from '@veche/client';
import { ERASURE, USERS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc } from '../harness/grpc';
import { PASSWORD_MARK, Person, sharedAdmin } from '../harness/people';
import { Rest } from '../harness/rest';
import { shapeOfRun, sharedDoors, Veche } from '../harness/veche';
import type { Entry, Items, Member, Room } from '../harness/wire';

const doors = sharedDoors();
const [gateway = ''] = doors.gateways;
/** How soon whatever an account held open must be closed after it was deleted. */
const SOON_MS = 1_000;

const deleteOwn = (person: Person, password = person.password): Promise<void> =>
  person.rest.call('DELETE', '/users/me', { password });
const textsOf = (log: readonly Entry[]): (string | undefined)[] =>
  log.filter(({ type }) => type === 'message.created').map(({ text }) => text);

describe("deleting one's account", () => {
  test('needs the password', async () => {
    const person = await Person.register(doors);
    await expect(deleteOwn(person, `${PASSWORD_MARK} no`)).rejects.toMatchObject({
      status: 401,
      code: 'invalid_credentials',
    });
    await expect(person.rest.call('DELETE', '/users/me', {})).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(new Rest(gateway).call('DELETE', '/users/me', { password: 'x' })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await person.rest.get('/users/me');
  });

  test('closes what it held open within a second, and ends every session', async () => {
    const person = await Person.register(doors);
    const phone = await person.anotherDevice('phone');
    const sockets = await Promise.all(doors.gateways.flatMap((g) => [person.socket(g), phone.socket(g)]));
    const answer = await person.rest.request('DELETE', '/users/me', { body: { password: person.password } });
    expect(answer.status).toBe(204);
    const deleted = performance.now();
    await Promise.all(sockets.map((s) => s.closed()));
    expect(performance.now() - deleted).toBeLessThan(SOON_MS);
    for (const socket of sockets)
      expect(socket.all('session:ended')).toEqual([{ reason: 'account_deleted' }]);
    expect(person.rest.cookies.size).toBe(0);
    for (const g of doors.gateways)
      await expect(new Rest(g, phone.token).get('/users/me')).rejects.toMatchObject({
        code: 'session_ended',
      });
    await expect(
      Person.login(doors, { login: person.username, password: person.password }),
    ).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  test('takes it out of its rooms, and the texts of its messages out of everywhere', async () => {
    const [person, other] = [await Person.register(doors), await Person.register(doors)];
    const room = await person.createRoom('private', [other]);
    await person.send(room.id, 'a secret');
    await other.send(room.id, 'a reply');
    const direct = await other.rest.post<Room>('/rooms/direct', { userId: person.id });
    await person.send(direct.id, 'another secret');
    const alone = await person.createRoom('private');
    const socket = await other.socket();

    await deleteOwn(person);
    await socket.hears<Entry>('event', (e) => e.type === 'messages.deleted' && e.roomId === room.id);
    await socket.hears<Entry>('event', (e) => e.type === 'messages.deleted' && e.roomId === direct.id);
    const log = await other.log(room.id);
    expect(textsOf(log)).toEqual(['', 'a reply']);
    expect(log.find((e) => e.text === '')).toMatchObject({ deletedAt: expect.stringMatching(/Z$/) });
    expect(log.slice(-3).map(({ type, userId, role }) => ({ type, userId, role }))).toEqual([
      { type: 'member.role', userId: other.id, role: 'owner' },
      { type: 'member.left', userId: person.id },
      { type: 'messages.deleted', userId: person.id },
    ]);
    expect(textsOf(await other.log(direct.id))).toEqual(['']);
    expect(socket.entries(room.id).map((e) => e.seq)).toEqual(log.slice(-3).map((e) => e.seq));
    const members = await other.rest.get<Items<Member>>(`/rooms/${room.id}/members`);
    expect(members.items).toMatchObject([{ userId: other.id, role: 'owner' }]);
    await expect(other.rest.get(`/users/${person.id}`)).rejects.toMatchObject({ code: 'user_not_found' });
    const admin = await sharedAdmin(doors);
    const rooms = await admin.rest.get<Items<Room>>(`/admin/rooms?search=${encodeURIComponent(alone.name)}`);
    expect(rooms.items).toEqual([]);
    other.leave();
  });

  test('takes its texts out of what clients show, and tells its own clients why they end', async () => {
    const [person, other] = [await Person.register(doors), await Person.register(doors)];
    const { id } = await person.createRoom('private', [other]);
    await person.send(id, 'a secret');
    const [theirs, own] = [other, person].map(({ token }) => connect({ url: gateway, token }));
    const { timeline, overview, members } = theirs!.room(id);
    timeline.subscribe(() => undefined);
    members.subscribe(() => undefined);
    await eventually(() => timeline.get().entries.some((e) => 'text' in e && e.text === 'a secret'));
    await eventually(() => members.get().items.length === 2);
    await eventually(() => own!.connection.get().status === 'online');

    await deleteOwn(person);
    await eventually(() => timeline.get().entries.at(-1)?.type === 'messages.deleted');
    const shown = timeline.get().entries.find(({ type }) => type === 'message.created');
    expect(shown).toMatchObject({ text: '', deletedAt: expect.stringMatching(/Z$/) });
    expect(overview.get()).toMatchObject({ memberCount: 1, role: 'owner', lastMessage: { text: '' } });
    expect(members.get().items).toMatchObject([{ userId: other.id, role: 'owner' }]);
    await eventually(() => own!.connection.get().status === 'ended');
    expect(own!.connection.get()).toMatchObject({ reason: 'account_deleted' });
    [theirs, own].forEach((client) => client?.close());
  });

  test('frees its address for somebody else, and keeps its name from them', async () => {
    const person = await Person.register(doors);
    await deleteOwn(person);
    const { username, password } = person;
    const register = (name: string) =>
      new Rest(gateway).post<{ user: { id: string } }>('/auth/register', {
        username: name,
        email: person.user.email,
        password,
      });
    await expect(register(username)).rejects.toMatchObject({ status: 409, code: 'username_taken' });
    expect((await register(`${username}x`)).user.id).not.toBe(person.id);
  });

  test('is refused to the last admin', async () => {
    await expect(deleteOwn(await sharedAdmin(doors))).rejects.toMatchObject({
      status: 409,
      code: 'last_admin',
    });
  });

  test('is the same at the gRPC door', async () => {
    const person = await Person.register(doors);
    const users = new Grpc(USERS.definition, doors.auth.at(-1)!, person.token);
    await expect(users.call('deleteOwnUser', { password: 'no' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    await users.call('deleteOwnUser', { password: person.password });
    await expect(person.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    const erasure = new Grpc(ERASURE.definition, doors.chat.at(-1)!, (await sharedAdmin(doors)).token);
    await expect(erasure.call('forgetUser', { userId: person.id })).rejects.toMatchObject({
      code: 'forbidden',
    });
    [users, erasure].forEach((c) => c.close());
  });
});

describe("deleting another's account", () => {
  test('is for admins alone, at both doors', async () => {
    const [person, other] = [await Person.register(doors), await Person.register(doors)];
    await expect(other.rest.delete(`/admin/users/${person.id}`)).rejects.toMatchObject({ code: 'forbidden' });
    const users = new Grpc(USERS.definition, doors.auth.at(-1)!, other.token);
    await expect(users.call('deleteUser', { id: person.id })).rejects.toMatchObject({ code: 'forbidden' });
    users.close();

    const admin = await sharedAdmin(doors);
    expect((await admin.rest.request('DELETE', `/admin/users/${person.id}`)).status).toBe(204);
    await expect(admin.rest.delete(`/admin/users/${person.id}`)).rejects.toMatchObject({
      code: 'user_not_found',
    });
    await expect(person.rest.get('/users/me')).rejects.toMatchObject({
      code: 'session_ended',
    });
  });
});

describe('an account that was deleted while a part of the server was down', () => {
  let veche: Veche;
  beforeAll(async () => {
    veche = await Veche.start(shapeOfRun());
  });
  afterAll(() => veche.destroy(), 30_000);

  test('is gone from there too, as soon as it is back', async () => {
    await Person.register(veche.doors, 'admin');
    const [person, other] = [await Person.register(veche.doors), await Person.register(veche.doors)];
    const room = await person.createRoom('private', [other]);
    await person.send(room.id, 'a secret');
    if (veche.doors.shape === 'micro')
      await Promise.all(['chat-1', 'chat-2'].map((name) => veche.process(name).kill()));
    await deleteOwn(person);
    // nothing gets to finish what it has begun
    await veche.kill();
    await veche.launch();
    await expect(person.rest.get('/users/me')).rejects.toMatchObject({ code: 'session_ended' });
    const log = await eventually(async () => {
      const entries = await other.log(room.id);
      return entries.some((e) => e.type === 'messages.deleted') && entries;
    });
    expect(textsOf(log)).toEqual(['']);
    expect(log.filter((e) => e.type === 'messages.deleted')).toHaveLength(1);
  });
});
