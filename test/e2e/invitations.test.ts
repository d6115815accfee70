import { connect } from '@veche/client';
import { INVITATIONS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc } from '../harness/grpc';
import { type Person, register } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Items } from '../harness/wire';

const doors = sharedDoors();

interface Invitation {
  room: { id: string; name: string; role?: string };
  invitedBy: string;
  invitedAt: string;
}

test('who has left a room is asked, on all their devices, and comes back by their own answer', async () => {
  const [owner, boris, clara] = (await register(doors, 'owner', 'boris', 'clara')) as [
    Person,
    Person,
    Person,
  ];
  const { id: roomId } = await owner.createRoom('private', [boris, clara]);
  const his = await Promise.all(doors.gateways.map((gateway) => boris.socket(gateway)));
  const hers = await clara.socket();
  const chat = connect({ url: doors.gateways.at(-1) ?? '', token: boris.token });
  const grpc = new Grpc(INVITATIONS.definition, doors.chat.at(-1) ?? '', boris.token);
  const add = () => owner.rest.request('POST', `/rooms/${roomId}/members`, { body: { userId: boris.id } });
  const mine = async () => (await boris.rest.get<Items<Invitation>>('/users/me/invitations')).items;
  try {
    chat.invitations.subscribe(() => undefined);
    await eventually(() => chat.invitations.get().status === 'ready');
    await boris.rest.post(`/rooms/${roomId}/leave`);
    expect(await add()).toMatchObject({ status: 202, body: { invited: true } });
    expect(await add()).toMatchObject({ status: 202 });
    for (const socket of his) expect(await socket.hears('invitation')).toEqual({ roomId, on: true });
    const [asked, ...others] = await mine();
    expect(others).toEqual([]);
    expect(asked).toMatchObject({ room: { id: roomId }, invitedBy: owner.id });
    expect(asked?.room.role).toBeUndefined();
    await eventually(() => chat.invitations.get().items.length === 1);
    expect(chat.invitations.get().items).toEqual([asked]);
    expect((await grpc.call('listInvitations', {})).invitations.map(({ room }) => room?.id)).toEqual([
      roomId,
    ]);
    await expect(boris.log(roomId)).rejects.toMatchObject({ code: 'room_not_found' });

    await boris.rest.delete(`/users/me/invitations/${roomId}`);
    await eventually(() => chat.invitations.get().items.length === 0);
    expect(await mine()).toEqual([]);
    await expect(boris.rest.post(`/users/me/invitations/${roomId}`)).rejects.toMatchObject({
      status: 404,
      code: 'room_not_found',
    });
    expect(await add()).toMatchObject({ status: 202 });
    await eventually(() => chat.invitations.get().items.length === 1);
    // nobody else can answer
    await clara.rest.delete(`/users/me/invitations/${roomId}`);
    expect(await mine()).toHaveLength(1);

    expect(await chat.api.invitations.accept(roomId)).toMatchObject({ id: roomId, role: 'member' });
    for (const socket of his) await socket.hears('room:added');
    await eventually(() => chat.invitations.get().items.length === 0);
    await eventually(() => chat.rooms.get().items.some(({ id }) => id === roomId));
    expect((await owner.log(roomId)).map(({ type, actorId }) => [type, actorId]).slice(-2)).toEqual([
      ['member.left', boris.id],
      ['member.joined', boris.id],
    ]);
    expect(await add()).toMatchObject({ status: 201, body: { userId: boris.id } });
    expect(hers.heard.filter(({ event }) => event === 'invitation')).toEqual([]);
  } finally {
    grpc.close();
    chat.close();
  }
});
