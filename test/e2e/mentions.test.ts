import { connect } from '@veche/client';
import { MESSAGES, ROOMS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { randomUUID } from 'node:crypto';
import { Grpc, jsonOf } from '../harness/grpc';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Entry, Items, RoomOverview } from '../harness/wire';

const doors = sharedDoors();
const grpc = (token: string) => new Grpc(MESSAGES.definition, doors.chat.at(-1)!, token);
const roomsOf = (person: Person) => person.rest.get<Items<RoomOverview>>('/rooms');
const mentionsOf = async (person: Person, roomId: string): Promise<number | undefined> =>
  (await roomsOf(person)).items.find(({ id }) => id === roomId)?.mentions;

/** The owner, a member and a stranger. */
const scene = async () => {
  const [owner, member, stranger] = await Promise.all([
    Person.register(doors, 'owner'),
    Person.register(doors, 'member'),
    Person.register(doors, 'stranger'),
  ]);
  const room = await owner.createRoom('private', [member]);
  return { owner, member, stranger, roomId: room.id };
};

test('a mention by any door is the same at every door, and counted on every device', async () => {
  const { owner, member, stranger, roomId } = await scene();
  const socket = await member.socket();
  const said = `@${member.username.toUpperCase()}, @${stranger.username}, \`@room\``;
  const mention = { kind: 'user', id: member.id, name: member.username };
  const mine = await owner.socket();
  const doorsOf = [
    async () => owner.send(roomId, said),
    async () =>
      (await mine.call<{ event: Entry }>('message:send', { roomId, text: said, clientId: randomUUID() }))
        .event,
    async () =>
      jsonOf(
        (
          await grpc(owner.token).call('sendMessage', {
            roomId,
            text: said,
            clientId: randomUUID(),
            attachmentIds: [],
          })
        ).entry,
      ),
  ];
  for (const send of doorsOf) {
    const entry = await send();
    expect(entry.mentions).toEqual([mention]);
    await socket.hears<Entry>('event', (e) => e.seq === entry.seq);
    expect(socket.entries(roomId).at(-1)).toEqual(entry);
  }
  expect(await mentionsOf(member, roomId)).toBe(doorsOf.length);
  expect(await mentionsOf(owner, roomId)).toBe(0);
  const other = await member.socket();
  const ready = await other.hears<{ rooms: { id: string; mentions: number }[] }>('ready');
  expect(ready.rooms.find(({ id }) => id === roomId)?.mentions).toBe(doorsOf.length);
  const { rooms } = await new Grpc(ROOMS.definition, doors.chat[0]!, member.token).call('listRooms', {});
  expect(rooms.find(({ room }) => room?.id === roomId)?.mentions).toBe(doorsOf.length);
  // and a new name changes nothing of it
  await member.rest.patch('/users/me', { username: `${member.username}-2` });
  expect((await owner.log(roomId)).at(-1)?.mentions).toEqual([mention]);
});

test('everybody is called by who may, and a member’s @room is text', async () => {
  const { owner, member, roomId } = await scene();
  expect((await member.send(roomId, '@room @here')).mentions).toEqual([]);
  expect((await owner.send(roomId, '@room @here')).mentions).toEqual([{ kind: 'room' }, { kind: 'here' }]);
  expect(await mentionsOf(member, roomId)).toBe(1);
  const [first] = (await roomsOf(member)).items;
  await member.rest.put(`/rooms/${roomId}/read`, { seq: first?.lastSeq });
  expect(await mentionsOf(member, roomId)).toBe(0);
});

test('a client of the SDK counts as the server does, whatever is edited and deleted', async () => {
  const { owner, member, roomId } = await scene();
  const client = connect({ url: doors.gateways.at(-1) ?? '', token: member.token });
  try {
    const shown = () => client.room(roomId).overview.get()?.mentions;
    const agrees = (count: number) =>
      eventually(async () => shown() === count && (await mentionsOf(member, roomId)) === count);
    await agrees(0);
    const name = `@${member.username}`;
    const { seq } = await owner.send(roomId, name);
    await owner.send(roomId, `${name} once more`);
    await agrees(2);
    await owner.rest.patch(`/rooms/${roomId}/messages/${seq}`, { text: 'nobody' });
    await agrees(1);
    await owner.rest.patch(`/rooms/${roomId}/messages/${seq}`, { text: '@room' });
    await agrees(2);
    await owner.rest.delete(`/rooms/${roomId}/messages/${seq}`);
    await agrees(1);
    client.room(roomId).markRead();
    await agrees(0);
  } finally {
    client.close();
  }
});
