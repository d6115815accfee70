import { MEMBERS, USERS, Role } from '@veche/contracts';
import { Grpc } from '../harness/grpc';
import { Person, sharedAdmin, unique } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Items, Member, User } from '../harness/wire';

const doors = sharedDoors();

test('a guest finds nobody by name, through either door, and sees whom they have the id of', async () => {
  const [guest, anna] = [await Person.register(doors, 'guest'), await Person.register(doors, 'anna')];
  const admin = await sharedAdmin(doors);
  await admin.rest.patch(`/admin/users/${guest.id}`, { role: 'guest' });
  for (const query of [`search=${anna.username}`, `usernames=${anna.username}`])
    await expect(guest.rest.get(`/users?${query}`)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
  const { items } = await guest.rest.get<Items<User>>(`/users?ids=${anna.id}`);
  expect(items.map(({ username }) => username)).toEqual([anna.username]);
  const users = new Grpc(USERS.definition, doors.auth.at(-1)!, guest.token);
  for (const request of [
    { ids: [], usernames: [], search: anna.username },
    { ids: [], usernames: [anna.username] },
  ])
    await expect(users.call('listUsers', request)).rejects.toMatchObject({ code: 'forbidden' });
  expect((await users.call('listUsers', { ids: [anna.id], usernames: [] })).profiles).toHaveLength(1);
  users.close();
});

test('a disabled account is a name for history, through either door', async () => {
  const [gone, anna] = [await Person.register(doors, 'gone'), await Person.register(doors, 'anna')];
  const admin = await sharedAdmin(doors);
  await gone.rest.patch('/users/me', { bio: 'about me' });
  await admin.rest.patch(`/admin/users/${gone.id}`, { disabled: true });
  expect(await anna.rest.get<User>(`/users/${gone.id}`)).toMatchObject({
    username: gone.username,
    bio: '',
    role: 'guest',
    deactivated: true,
  });
  expect((await anna.rest.get<Items<User>>(`/users?search=${gone.username}`)).items).toEqual([]);
  await expect(anna.rest.post('/rooms/direct', { userId: gone.id })).rejects.toMatchObject({
    code: 'user_not_found',
  });
  const users = new Grpc(USERS.definition, doors.auth.at(-1)!, anna.token);
  expect((await users.call('getUser', { id: gone.id })).profile).toMatchObject({
    deactivated: true,
    bio: '',
    role: Role.GUEST,
  });
  users.close();
});

test('outsiders of a public room see who is in it, through either door, and no more', async () => {
  const [anna, boris, vera] = [
    await Person.register(doors, 'anna'),
    await Person.register(doors, 'boris'),
    await Person.register(doors, 'vera'),
  ];
  const room = await anna.createRoom('public', [boris]);
  const seenBy = async (person: Person): Promise<string[][]> => {
    const { items } = await person.rest.get<Items<Member>>(`/rooms/${room.id}/members`);
    return items.map((member) => Object.keys(member).sort());
  };
  const full = ['joinedAt', 'readSeq', 'role', 'userId'];
  expect(await seenBy(boris)).toEqual([full, full]);
  expect(await seenBy(vera)).toEqual([
    ['role', 'userId'],
    ['role', 'userId'],
  ]);
  const calls = new Grpc(MEMBERS.definition, doors.chat.at(-1)!, vera.token);
  const { members } = await calls.call('listMembers', { roomId: room.id });
  for (const member of members) expect([member.joinedAt, member.readSeq]).toEqual([undefined, undefined]);
  calls.close();
});

test('a public room is found by any word of its name, and none is made that looks like it', async () => {
  const [anna, boris] = [await Person.register(doors, 'anna'), await Person.register(doors, 'boris')];
  const mark = unique('x').slice(2);
  const room = await anna.createRoom('public', [], `Große Bühne ${mark}`);
  const found = await boris.rest.get<Items<{ id: string }>>(`/rooms/browse?search=buhne%20${mark}`);
  expect(found.items.map(({ id }) => id)).toEqual([room.id]);
  // a Cyrillic e at the end
  await expect(boris.createRoom('public', [], `Große Bühn\u0435 ${mark}`)).rejects.toMatchObject({
    status: 409,
    code: 'room_name_taken',
  });
  // and what is private is nobody else's business
  const own = await anna.createRoom('private', [], `Secret ${mark}`);
  expect((await boris.createRoom('public', [], own.name)).name).toBe(own.name);
});
