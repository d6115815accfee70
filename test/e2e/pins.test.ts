import { connect, type MessageCreated } from '@veche/client';
import { PINS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc, jsonOf } from '../harness/grpc';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Entry, Items } from '../harness/wire';

const doors = sharedDoors();

test('a message is pinned by every door, told as it happens, and kept by a client as a fetch has it', async () => {
  const [owner, member] = [await Person.register(doors), await Person.register(doors)];
  const { id: roomId } = await owner.createRoom('private', [member]);
  const sent: number[] = [];
  for (const text of ['first', 'second', 'third']) sent.push((await member.send(roomId, text)).seq);
  const [first = 0, second = 0, third = 0] = sent;
  const heard = await Promise.all(doors.gateways.map((gateway) => member.socket(gateway)));
  const chat = connect({ url: doors.gateways.at(-1) ?? '', token: member.token });
  try {
    const { pins, timeline } = chat.room(roomId);
    pins.subscribe(() => undefined);
    timeline.subscribe(() => undefined);
    await eventually(() => pins.get().status === 'ready');
    await eventually(() => timeline.get().status === 'ready');

    await owner.rest.put(`/rooms/${roomId}/pins/${first}`);
    const socket = await owner.socket();
    const { event } = await socket.call<{ event: Entry }>('message:pin', { roomId, seq: second, on: true });
    expect(event).toMatchObject({ seq: second, pinnedBy: owner.id });
    const grpc = new Grpc(PINS.definition, doors.chat.at(-1) ?? '', owner.token);
    const byGrpc = await grpc.call('setPin', { roomId, seq: third, on: true });
    expect(jsonOf(byGrpc.entry)).toMatchObject({ seq: third, pinnedBy: owner.id });
    const same = async (...seqs: number[]): Promise<void> => {
      const { items } = await member.rest.get<Items<Entry>>(`/rooms/${roomId}/pins`);
      expect(items.map(({ seq }) => seq)).toEqual(seqs);
      await eventually(() => pins.get().items.length === seqs.length && pins.get().items[0]?.seq === seqs[0]);
      expect(JSON.parse(JSON.stringify(pins.get().items))).toEqual(items);
    };
    await same(third, second, first);
    expect((await grpc.call('listPins', { roomId })).entries.map(({ seq }) => seq)).toEqual([
      third,
      second,
      first,
    ]);

    await owner.rest.delete(`/rooms/${roomId}/pins/${second}`);
    await owner.rest.delete(`/rooms/${roomId}/pins/${second}`);
    await member.rest.patch(`/rooms/${roomId}/messages/${first}`, { text: 'the first' });
    await member.rest.delete(`/rooms/${roomId}/messages/${third}`);
    for (const one of heard) {
      await one.hears<Entry>('event', (e) => e.type === 'message.deleted');
      expect(
        one
          .entries(roomId)
          .filter(({ type }) => type.endsWith('pinned'))
          .map((e) => [e.type, e.target, e.actorId]),
      ).toEqual([
        ['message.pinned', first, owner.id],
        ['message.pinned', second, owner.id],
        ['message.pinned', third, owner.id],
        ['message.unpinned', second, owner.id],
      ]);
    }
    await same(first);
    await eventually(() => timeline.get().entries.at(-1)?.type === 'message.deleted');
    expect(JSON.parse(JSON.stringify(timeline.get().entries))).toEqual(await member.log(roomId));
    const shown = timeline.get().entries.find(({ seq }) => seq === first) as MessageCreated;
    expect(shown).toMatchObject({ text: 'the first', pinnedBy: owner.id });

    await expect(member.rest.put(`/rooms/${roomId}/pins/${second}`)).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    await expect(chat.room(roomId).pin(second, true)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(owner.rest.put(`/rooms/${roomId}/pins/${third}`)).rejects.toMatchObject({
      status: 404,
      code: 'message_not_found',
    });
  } finally {
    chat.close();
  }
});
