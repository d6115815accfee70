import { connect } from '@veche/client';
import { REACTIONS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import { Grpc, jsonOf } from '../harness/grpc';
import { Person } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import type { Entry, Items, Messages, Reaction, RoomOverview } from '../harness/wire';

const doors = sharedDoors();
const grpc = (token: string) => new Grpc(REACTIONS.definition, doors.chat.at(-1)!, token);
const at = (emoji: string) => encodeURIComponent(emoji);

/** Two people in a room, and a message of the first. */
const scene = async () => {
  const [author, other] = [await Person.register(doors), await Person.register(doors)];
  const room = await author.createRoom('private', [other]);
  const { seq } = await author.send(room.id, 'shall we?');
  return { author, other, roomId: room.id, seq, path: `/rooms/${room.id}/messages/${seq}` };
};

describe('a reaction', () => {
  test('comes by every door, once, and is told as it happens', async () => {
    const { author, other, roomId, seq, path } = await scene();
    const sockets = await Promise.all(doors.gateways.map((gateway) => author.socket(gateway)));
    const byRest = await other.rest.put<Entry>(`${path}/reactions/${at('❤')}`);
    expect(byRest).toMatchObject({
      seq,
      reactions: [{ emoji: '❤️', count: 1, mine: true, userIds: [other.id] }],
    });
    const socket = await other.socket();
    const wish = { roomId, seq, emoji: '👍🏽', on: true };
    for (let i = 0; i < 2; i++) {
      const { event } = await socket.call<{ event: Entry }>('message:react', wish);
      expect(event.reactions?.map(({ emoji }) => emoji)).toEqual(['❤️', '👍🏽']);
    }
    const kiss = '👩🏽‍❤️‍💋‍👨🏿';
    await author.rest.put(`${path}/reactions/${at(kiss)}`);
    const byGrpc = await grpc(author.token).call('setReaction', { roomId, seq, emoji: '❤️', on: true });
    expect(jsonOf(byGrpc.entry)?.reactions?.[0]).toMatchObject({ emoji: '❤️', count: 2, mine: true });
    await other.rest.delete(`${path}/reactions/${at('❤️')}`);
    await other.rest.delete(`${path}/reactions/${at('❤️')}`);
    for (const heard of sockets) {
      await heard.hears<Entry>('event', (e) => e.type === 'reaction.removed' && e.target === seq);
      expect(heard.entries(roomId).map((e) => [e.type, e.target, e.emoji, e.actorId])).toEqual([
        ['reaction.added', seq, '❤️', other.id],
        ['reaction.added', seq, '👍🏽', other.id],
        ['reaction.added', seq, kiss, author.id],
        ['reaction.added', seq, '❤️', author.id],
        ['reaction.removed', seq, '❤️', other.id],
      ]);
    }
    const reactions: Reaction[] = [
      { emoji: '❤️', count: 1, mine: false, userIds: [author.id] },
      { emoji: '👍🏽', count: 1, mine: true, userIds: [other.id] },
      { emoji: kiss, count: 1, mine: false, userIds: [author.id] },
    ];
    expect((await other.rest.get<Messages>(`/rooms/${roomId}/messages`)).items[0]?.reactions).toEqual(
      reactions,
    );
    expect((await other.rest.get<Items<Reaction>>(`${path}/reactions`)).items).toEqual(reactions);
    const listed = await grpc(other.token).call('listReactions', { roomId, seq });
    expect(listed.reactions).toEqual(reactions);
    const synced = await socket.call<{ rooms: Record<string, { events: Entry[] }> }>('sync', {
      rooms: { [roomId]: seq - 1 },
    });
    expect(synced.rooms[roomId]?.events[0]?.reactions).toEqual(reactions);
    const rooms = await other.rest.get<Items<RoomOverview>>('/rooms');
    expect(rooms.items.find(({ id }) => id === roomId)).toMatchObject({ unread: 1 });
  });

  test('is one emoji, of a member, to a message that is there', async () => {
    const { author, other, roomId, seq, path } = await scene();
    for (const emoji of ['x', '1', '👍👍', '🇩'])
      await expect(other.rest.put(`${path}/reactions/${at(emoji)}`)).rejects.toMatchObject({
        status: 400,
        code: 'invalid_input',
      });
    const socket = await other.socket();
    await expect(socket.call('message:react', { roomId, seq, emoji: 'no', on: true })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const stranger = await Person.register(doors);
    const wish = { roomId, seq, emoji: '👍', on: true };
    await expect(grpc(stranger.token).call('setReaction', wish)).rejects.toMatchObject({
      code: 'room_not_found',
    });
    await other.rest.put(`${path}/reactions/${at('👍')}`);
    await author.rest.delete(path);
    expect((await other.rest.get<Entry>(path)).reactions).toEqual([]);
    await expect(other.rest.put(`${path}/reactions/${at('👍')}`)).rejects.toMatchObject({
      status: 404,
      code: 'message_not_found',
    });
  });
});

test('a client of the SDK counts what it hears, and has what a fresh fetch gives', async () => {
  const { author, other, roomId, seq } = await scene();
  const [mine, theirs] = [author, other].map(({ token }, i) =>
    connect({ url: doors.gateways[i % doors.gateways.length] ?? '', token }),
  );
  if (!mine || !theirs) throw new Error('two clients');
  try {
    const { timeline } = theirs.room(roomId);
    timeline.subscribe(() => undefined);
    const shown = () => {
      const entry = timeline.get().entries.find((one) => one.seq === seq);
      return entry?.type === 'message.created' ? entry.reactions : undefined;
    };
    await eventually(shown);
    await mine.room(roomId).react(seq, '🎉', true);
    await theirs.room(roomId).react(seq, '🎉', true);
    await mine.room(roomId).react(seq, '👀', true);
    await mine.room(roomId).react(seq, '🎉', false);
    await eventually(() => timeline.get().entries.at(-1)?.type === 'reaction.removed');
    expect(shown()).toEqual([
      { emoji: '🎉', count: 1, mine: true, userIds: [other.id] },
      { emoji: '👀', count: 1, mine: false, userIds: [author.id] },
    ]);
    const fresh = await other.log(roomId);
    expect(JSON.parse(JSON.stringify(timeline.get().entries))).toEqual(fresh);
    const [overview] = (await other.rest.get<Items<RoomOverview>>('/rooms')).items;
    expect(JSON.parse(JSON.stringify(theirs.rooms.get().items[0]?.lastMessage))).toEqual(
      overview?.lastMessage,
    );
  } finally {
    mine.close();
    theirs.close();
  }
});
