import { connect } from '@veche/client';
import { MESSAGES } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc, jsonOf } from '../harness/grpc';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Entry, Items, Messages, RoomOverview } from '../harness/wire';

const doors = sharedDoors();
const grpc = (token: string) => new Grpc(MESSAGES.definition, doors.chat.at(-1)!, token);

/** Two people in a room, and a message of the first. */
const scene = async () => {
  const [author, other] = [await Person.register(doors), await Person.register(doors)];
  const room = await author.createRoom('private', [other]);
  const { seq } = await author.send(room.id, 'a secrte');
  return { author, other, roomId: room.id, seq, path: `/rooms/${room.id}/messages/${seq}` };
};

describe('a message', () => {
  test('is edited by every door, and everybody hears of it as it happens', async () => {
    const { author, other, roomId, seq, path } = await scene();
    const sockets = await Promise.all(doors.gateways.map((gateway) => other.socket(gateway)));
    const byRest = await author.rest.patch<Entry>(path, { text: 'by REST' });
    expect(byRest).toMatchObject({ seq, type: 'message.created', text: 'by REST' });
    const mine = await author.socket();
    const bySocket = await mine.call<{ event: Entry }>('message:edit', { roomId, seq, text: 'by socket' });
    expect(bySocket.event).toMatchObject({ seq, text: 'by socket' });
    const byGrpc = await grpc(author.token).call('editMessage', { roomId, seq, text: 'by gRPC' });
    expect(jsonOf(byGrpc.entry)).toMatchObject({ seq, text: 'by gRPC' });
    for (const socket of sockets) {
      await socket.hears<Entry>('event', (e) => e.type === 'message.edited' && e.text === 'by gRPC');
      expect(socket.entries(roomId).map(({ type, target, text }) => ({ type, target, text }))).toEqual(
        ['by REST', 'by socket', 'by gRPC'].map((text) => ({ type: 'message.edited', target: seq, text })),
      );
    }
    const now = await other.rest.get<Entry>(path);
    expect(now).toEqual(jsonOf(byGrpc.entry));
    expect(now.editedAt).toBe((await other.log(roomId)).at(-1)?.at);
    const page = await other.rest.get<Messages>(`/rooms/${roomId}/messages`);
    expect(page.items).toEqual([now]);
  });

  test('is gone from everywhere once it is deleted, and no longer unread', async () => {
    const { author, other, roomId, seq, path } = await scene();
    await author.rest.patch(path, { text: 'a secret' });
    const socket = await other.socket();
    const unread = async (): Promise<RoomOverview | undefined> =>
      (await other.rest.get<Items<RoomOverview>>('/rooms')).items.find(({ id }) => id === roomId);
    expect(await unread()).toMatchObject({ unread: 1, lastMessage: { text: 'a secret' } });
    await author.rest.delete(path);
    await author.rest.delete(path);
    await socket.hears<Entry>('event', (e) => e.type === 'message.deleted' && e.target === seq);
    expect(await unread()).toMatchObject({ unread: 0, lastMessage: { seq, text: '' } });
    const log = await other.log(roomId);
    expect(log.filter(({ type }) => type === 'message.deleted')).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain('secr');
    const synced = await socket.call<object>('sync', { rooms: { [roomId]: 0 } });
    expect(JSON.stringify(synced)).not.toContain('secr');
    expect(await other.rest.get<Entry>(path)).toMatchObject({ text: '', clientId: '' });
    await expect(author.rest.patch(path, { text: 'back again' })).rejects.toMatchObject({
      status: 404,
      code: 'message_not_found',
    });
  });

  test('of somebody else is theirs, but for who moderates', async () => {
    const { author, other, roomId, seq, path } = await scene();
    await expect(other.rest.patch(path, { text: 'x' })).rejects.toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    const socket = await other.socket();
    await expect(socket.call('message:delete', { roomId, seq })).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = await Person.register(doors);
    await expect(grpc(stranger.token).call('deleteMessage', { roomId, seq })).rejects.toMatchObject({
      code: 'room_not_found',
    });
    const reply = await other.send(roomId, 'a reply');
    await author.rest.delete(`/rooms/${roomId}/messages/${reply.seq}`);
    expect((await other.log(roomId)).at(-1)).toMatchObject({ type: 'message.deleted', actorId: author.id });
  });
});

test('a client of the SDK shows edits and deletions, and what it shows is what is there', async () => {
  const { author, other, roomId, seq } = await scene();
  const [mine, theirs] = [author, other].map(({ token }, i) =>
    connect({ url: doors.gateways[i % doors.gateways.length] ?? '', token }),
  );
  if (!mine || !theirs) throw new Error('two clients');
  try {
    const timeline = theirs.room(roomId).timeline;
    timeline.subscribe(() => undefined);
    const shown = (number: number) => timeline.get().entries.find((entry) => entry.seq === number);
    await eventually(() => shown(seq));
    await mine.room(roomId).edit(seq, 'a secret');
    await eventually(() => {
      const entry = shown(seq);
      return entry?.type === 'message.created' && entry.text === 'a secret' && entry.editedAt;
    });
    expect(theirs.rooms.get().items[0]).toMatchObject({ unread: 1, lastMessage: { text: 'a secret' } });
    await mine.room(roomId).delete(seq);
    await eventually(() => theirs.rooms.get().items[0]?.unread === 0);
    const { entries } = timeline.get();
    expect(JSON.stringify(entries)).not.toContain('secret');
    const fresh = await other.log(roomId);
    await eventually(() => timeline.get().entries.length === fresh.length);
    expect(JSON.parse(JSON.stringify(timeline.get().entries))).toEqual(fresh);
  } finally {
    mine.close();
    theirs.close();
  }
});
