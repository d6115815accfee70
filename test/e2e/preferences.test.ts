import { type Client, connect } from '@veche/client';
import { NotificationLevel, PREFERENCES } from '@veche/contracts';
import type { Entry, RoomOverview } from '@veche/protocol';
import { eventually } from '@veche/testing';
import fc from 'fast-check';
import { Grpc } from '../harness/grpc';
import { type Person, register } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import { differences, seenBy } from '../harness/whole';
import type { Items } from '../harness/wire';

const doors = sharedDoors();
const DEVICES = 3;

test('what somebody wants of a room is the same at every door, and told to their own devices alone', async () => {
  const [anna, boris] = (await register(doors, 'anna', 'boris')) as [Person, Person];
  const { id: roomId } = await anna.createRoom('private', [boris]);
  const [hers, another, his] = await Promise.all([
    anna.socket(),
    anna.socket(doors.gateways.at(-1)),
    boris.socket(),
  ]);
  const path = `/rooms/${roomId}/preferences`;
  const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
  const wished = { level: 'mentions', muted: true, mutedUntil, favourite: true };
  const is = { ...wished, revision: 1 };
  expect((await anna.rest.request('PATCH', path, { body: wished })).body).toEqual(is);
  for (const socket of [hers, another])
    expect(await socket.hears('room:preferences')).toMatchObject({ roomId, ...is });
  expect(await anna.rest.get(path)).toEqual(is);
  expect(await boris.rest.get(path)).toEqual({});
  const grpc = new Grpc(PREFERENCES.definition, doors.chat.at(-1) ?? '', anna.token);
  const { preferences } = await grpc.call('getRoomPreferences', { roomId });
  expect(preferences).toMatchObject({ level: NotificationLevel.MENTIONS, muted: true, favourite: true });
  await grpc.call('updateRoomPreferences', { roomId, level: NotificationLevel.UNSPECIFIED, muted: false });
  grpc.close();
  const after = { favourite: true, revision: 2 };
  await eventually(() => hers.heard.filter(({ event }) => event === 'room:preferences').length === 2);
  expect(await anna.rest.get(path)).toEqual(after);
  const { items } = await anna.rest.get<Items<RoomOverview>>('/rooms');
  expect(items.find(({ id }) => id === roomId)).toMatchObject(after);
  // who comes now is told at once
  const { rooms } = await (await anna.socket()).hears<{ rooms: object[] }>('ready');
  expect(rooms).toContainEqual(expect.objectContaining({ id: roomId, ...after }));

  await anna.rest.request('PATCH', '/users/me/preferences', { body: { privateLevel: 'nothing' } });
  const usual = { publicLevel: 'mentions', privateLevel: 'nothing', directLevel: 'all' };
  expect(await another.hears('preferences')).toEqual(usual);
  expect(await anna.rest.get('/users/me/preferences')).toEqual(usual);
  for (const [body, field] of [
    [{ hidden: true }, 'hidden'],
    [{ level: 'loud' }, 'level'],
    [{ mutedUntil }, 'mutedUntil'],
    [{ muted: true, mutedUntil: '2020-01-01T00:00:00Z' }, 'mutedUntil'],
  ] as const)
    expect((await anna.rest.request('PATCH', path, { body })).body).toMatchObject({
      code: 'invalid_input',
      errors: [{ field }],
    });
  expect(his.heard.filter(({ event }) => event.includes('preferences'))).toEqual([]);
});

const action = fc.record({
  device: fc.nat(DEVICES - 1),
  room: fc.nat(2),
  pick: fc.nat(100),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('hears' as const) },
    { weight: 2, arbitrary: fc.constant('is called' as const) },
    { weight: 2, arbitrary: fc.constant('writes' as const) },
    { weight: 1, arbitrary: fc.constant('something is deleted' as const) },
    { weight: 1, arbitrary: fc.constant('somebody comes or goes' as const) },
    { weight: 4, arbitrary: fc.constant('reads' as const) },
    { weight: 4, arbitrary: fc.constant('marks unread' as const) },
    { weight: 1, arbitrary: fc.constant('reads everything' as const) },
    { weight: 4, arbitrary: fc.constant('prefers' as const) },
    { weight: 2, arbitrary: fc.constant('reconnects' as const) },
  ),
});

test('whatever happens on three devices, each counts what the log has, and shows what was last wished', async () => {
  const [anna, boris, clara] = (await register(doors, 'anna', 'boris', 'clara')) as [Person, Person, Person];
  const open = (i: number): Client => {
    const client = connect({ url: doors.gateways[i % doors.gateways.length] ?? '', token: anna.token });
    client.rooms.subscribe(() => undefined);
    return client;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (actions) => {
      const [one, two] = await Promise.all([
        anna.createRoom('private', [boris]),
        boris.createRoom('public', [anna]),
      ]);
      const direct = await boris.rest.post<{ id: string }>('/rooms/direct', { userId: anna.id });
      const ids = [one.id, two.id, direct.id];
      const devices = Array.from({ length: DEVICES }, (_, i) => open(i));
      try {
        await eventually(() => devices.every((client) => client.rooms.get().loaded));
        // one that holds the messages counts them itself
        for (const id of ids) devices[0]?.room(id).timeline.subscribe(() => undefined);
        const act = async ({ device, room, pick, what }: (typeof actions)[number]): Promise<void> => {
          const client = devices[device];
          const roomId = ids[room] ?? '';
          if (!client) return;
          const { lastSeq } = client.room(roomId).overview.get() ?? { lastSeq: 1 };
          const seq = 1 + (pick % lastSeq);
          if (what === 'hears') await boris.send(roomId, 'Hello');
          else if (what === 'is called') await boris.send(roomId, `@${anna.username}, hello`);
          else if (what === 'writes') await anna.send(roomId, 'My own words');
          else if (what === 'something is deleted') {
            const own = (await boris.log(roomId)).filter(
              (e) => e.type === 'message.created' && e.actorId === boris.id,
            );
            const target = own[pick % Math.max(1, own.length)];
            if (target) await boris.rest.delete(`/rooms/${roomId}/messages/${target.seq}`);
          } else if (what === 'somebody comes or goes') {
            // at the same time as another such turn of hers: then she has left already
            await clara.rest.post(`/rooms/${two.id}/join`);
            await clara.rest.request('POST', `/rooms/${two.id}/leave`);
          } else if (what === 'reads') client.room(roomId).markRead(seq);
          else if (what === 'marks unread') await client.room(roomId).markUnread(seq);
          else if (what === 'reads everything') await client.markAllRead();
          else if (what === 'prefers')
            await client.room(roomId).prefer({
              favourite: pick % 2 === 0,
              muted: pick % 3 === 0,
              level: (['all', 'nothing', 'default'] as const)[pick % 3],
              ...(roomId === direct.id && { hidden: pick % 5 < 3 }),
            });
          else {
            client.close();
            devices[device] = open(device);
          }
        };
        for (const [i, each] of actions.entries()) {
          // two at a time, in no order
          const done = act(each);
          if (i % 2 === 1) await done;
          else void done.catch(() => undefined);
        }
        const wrong = async (): Promise<string[]> =>
          (await Promise.all(devices.map((client) => differences(seenBy(client), anna)))).flat();
        await eventually(async () => (await wrong()).length === 0).catch(async () =>
          expect(await wrong()).toEqual([]),
        );
        const { items } = await anna.rest.get<Items<RoomOverview>>('/rooms?limit=200');
        for (const id of ids) {
          const room = items.find((item) => item.id === id);
          const isUnread = (e: Entry): boolean =>
            e.type === 'message.created' &&
            e.actorId !== anna.id &&
            e.deletedAt === undefined &&
            e.seq > (room?.readSeq ?? 0);
          const unread = ((await anna.log(id)) as unknown as Entry[]).filter(isUnread);
          expect([id, room?.unread]).toEqual([id, unread.length]);
          expect(room?.mentions).toBe(
            unread.filter((e) => 'mentions' in e && e.mentions.some((m) => m.id === anna.id)).length,
          );
        }
      } finally {
        for (const client of devices) client.close();
      }
    }),
    { numRuns: 6, interruptAfterTimeLimit: 45_000, endOnFailure: true },
  );
});
