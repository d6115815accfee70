import { type Client, connect, type Thread } from '@veche/client';
import { THREADS } from '@veche/contracts';
import { eventually } from '@veche/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Grpc, jsonOf } from '../harness/grpc';
import { type Person, register } from '../harness/people';
import { sharedDoors } from '../harness/veche';
import { differences, seenBy } from '../harness/whole';
import type { Entry, Items, Messages } from '../harness/wire';

const doors = sharedDoors();
const DEVICES = 3;

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const reply = (who: Person, roomId: string, threadSeq: number, text = 'a reply', alsoInRoom?: boolean) =>
  who.rest.post<Entry>(`/rooms/${roomId}/messages`, { text, clientId: randomUUID(), threadSeq, alsoInRoom });

test('a thread is the same at every door, and its marks are told to the devices of its reader alone', async () => {
  const [anna, boris] = (await register(doors, 'anna', 'boris')) as [Person, Person];
  const { id: roomId } = await anna.createRoom('private', [boris]);
  const { seq: root } = await anna.send(roomId, 'What shall we eat?');
  const [hers, his] = await Promise.all([anna.socket(doors.gateways.at(-1)), boris.socket()]);
  const path = `/rooms/${roomId}/threads/${root}`;

  const first = await reply(boris, roomId, root, 'Soup');
  expect(first).toMatchObject({ seq: root + 1, threadSeq: root, threadAuthorId: anna.id });
  expect(first).not.toHaveProperty('alsoInRoom');
  expect(await hers.hears<Entry>('event', (e) => e.seq === first.seq)).toEqual(first);
  const said = { roomId, threadSeq: root, alsoInRoom: true, text: 'Soup for all', clientId: randomUUID() };
  const { event: second } = await his.call<{ event: Entry }>('message:send', said);
  expect(second).toMatchObject({ threadSeq: root, alsoInRoom: true });

  const { items: shown } = await anna.rest.get<Messages>(`/rooms/${roomId}/messages`);
  expect(shown.map(({ seq }) => seq)).toEqual([second.seq, root]);
  const summary = { replies: 2, lastSeq: second.seq, participants: [boris.id], countedSeq: second.seq };
  expect(shown[1]).toMatchObject({ thread: { ...summary, lastAt: second.at } });
  // from when the membership began
  const { revision = 0 } = await anna.rest.get<Thread>(path);
  const thread = {
    roomId,
    threadSeq: root,
    revision,
    root: shown[1],
    following: true,
    readSeq: first.seq - 1,
    unread: 2,
  };
  expect(await anna.rest.get(path)).toEqual(thread);
  expect(await anna.rest.get(`/threads`)).toEqual({ items: [thread] });
  const page = await anna.rest.get<Messages>(`${path}/messages?limit=1`);
  expect(page).toEqual({ items: [second], nextBefore: second.seq });
  expect((await anna.rest.get<Messages>(`${path}/messages?before=${page.nextBefore}`)).items).toEqual([
    first,
  ]);

  const grpc = new Grpc(THREADS.definition, doors.chat.at(-1) ?? '', anna.token);
  const byGrpc = await grpc.call('listThreads', {});
  expect(byGrpc.threads.map(({ unread, root: of }) => [unread, of?.seq])).toEqual([[2, root]]);
  const replies = await grpc.call('listThreadMessages', { roomId, threadSeq: root });
  expect(replies.entries.map(jsonOf)).toEqual([second, first]);
  await grpc.call('markThreadRead', { roomId, threadSeq: root, seq: first.seq });
  grpc.close();

  const mark = (more: object) => ({ roomId, threadSeq: root, following: true, ...more });
  expect(await hers.hears('thread')).toEqual(mark({ readSeq: first.seq, revision }));
  await hers.call('read', { roomId, threadSeq: root, seq: second.seq });
  await anna.rest.put(`/rooms/${roomId}/read`, { seq: second.seq, threadSeq: root, back: true });
  await anna.rest.post('/rooms/read-all');
  await hers.call('thread:follow', { roomId, threadSeq: root, on: false });
  await anna.rest.put(`${path}/following`);
  await anna.rest.delete(`${path}/following`);
  const told = () => hers.heard.filter(({ event }) => event === 'thread').map(({ data }) => data);
  await eventually(() => told().length === 7);
  expect(told().slice(1)).toEqual([
    mark({ readSeq: second.seq, revision }),
    mark({ readSeq: second.seq - 1, revision: revision + 1 }),
    mark({ readSeq: second.seq, revision: revision + 1 }),
    mark({ readSeq: second.seq, following: false, revision: revision + 2 }),
    mark({ readSeq: second.seq, revision: revision + 3 }),
    mark({ readSeq: second.seq, following: false, revision: revision + 4 }),
  ]);
  expect(his.heard.filter(({ event }) => event === 'thread')).toEqual([]);
  expect(await anna.rest.get('/threads')).toEqual({ items: [] });

  for (const [threadSeq, code] of [
    [1, 'message_not_found'],
    [99, 'message_not_found'],
    [first.seq, 'already_in_thread'],
  ] as const) {
    await expect(reply(anna, roomId, threadSeq)).rejects.toMatchObject({ code });
    await expect(anna.rest.get(`/rooms/${roomId}/threads/${threadSeq}`)).rejects.toMatchObject({ code });
  }
});

const action = fc.record({
  device: fc.nat(DEVICES - 1),
  pick: fc.nat(100),
  by: fc.constantFrom('anna', 'boris', 'clara'),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constant('says' as const) },
    { weight: 8, arbitrary: fc.constant('replies' as const) },
    { weight: 2, arbitrary: fc.constant('shows' as const) },
    { weight: 2, arbitrary: fc.constant('calls' as const) },
    { weight: 2, arbitrary: fc.constant('edits' as const) },
    { weight: 3, arbitrary: fc.constant('deletes' as const) },
    { weight: 4, arbitrary: fc.constant('reads' as const) },
    { weight: 2, arbitrary: fc.constant('marks unread' as const) },
    { weight: 1, arbitrary: fc.constant('reads everything' as const) },
    { weight: 3, arbitrary: fc.constant('follows' as const) },
    { weight: 1, arbitrary: fc.constant('comes or goes' as const) },
    { weight: 2, arbitrary: fc.constant('reconnects' as const) },
  ),
});

test('whatever happens on three devices, each has the threads that a fetch has, and counts what the log has', async () => {
  const [anna, boris, clara] = (await register(doors, 'anna', 'boris', 'clara')) as [Person, Person, Person];
  const people = { anna, boris, clara };
  const open = (i: number): Client => {
    const client = connect({ url: doors.gateways[i % doors.gateways.length] ?? '', token: anna.token });
    client.rooms.subscribe(() => undefined);
    client.threads.subscribe(() => undefined);
    return client;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (actions) => {
      const { id: roomId } = await boris.createRoom('public', [anna, clara]);
      const roots: number[] = [];
      for (const who of [anna, boris, clara]) roots.push((await who.send(roomId, 'a root')).seq);
      const devices = Array.from({ length: DEVICES }, (_, i) => open(i));
      const watch = (client: Client): void => {
        client.room(roomId).timeline.subscribe(() => undefined);
        for (const root of roots)
          client
            .room(roomId)
            .thread(root)
            .timeline.subscribe(() => undefined);
      };
      try {
        await eventually(() => devices.every((client) => client.rooms.get().loaded));
        if (devices[0]) watch(devices[0]);
        const act = async ({ device, pick, by, what }: (typeof actions)[number]): Promise<void> => {
          const client = devices[device];
          const root = roots[pick % roots.length] ?? 0;
          const who = people[by];
          if (!client) return;
          const thread = client.room(roomId).thread(root);
          if (what === 'says') await who.send(roomId, 'in the room');
          else if (what === 'replies' && who === anna) await thread.send('my reply').committed;
          else if (what === 'replies') await reply(who, roomId, root);
          else if (what === 'shows') await reply(who, roomId, root, 'for all', true);
          else if (what === 'calls') await reply(who, roomId, root, `@${anna.username}, look`);
          else if (what === 'edits' || what === 'deletes') {
            const own = (await who.log(roomId)).filter(
              (e) => e.type === 'message.created' && e.actorId === who.id,
            );
            const target = `/rooms/${roomId}/messages/${own[pick % Math.max(1, own.length)]?.seq}`;
            if (what === 'deletes') await who.rest.delete(target);
            else await who.rest.patch(target, { text: pick % 2 ? `@${anna.username}` : 'another text' });
          } else if (what === 'reads') {
            // a device that does not show it reads it by the API
            const last = thread.timeline.get().thread?.root.thread?.lastSeq;
            if (last !== undefined) thread.markRead(Math.max(1, last - (pick % 3)));
            else await client.api.threads.markRead(roomId, root, 1 + pick);
          } else if (what === 'marks unread') await thread.markUnread(1 + pick);
          else if (what === 'reads everything') await client.markAllRead();
          else if (what === 'follows') await thread.follow(pick % 2 === 0);
          else if (what === 'comes or goes' && who !== boris) {
            await who.rest.request('POST', `/rooms/${roomId}/leave`);
            await who.rest.post(`/rooms/${roomId}/join`);
          } else if (what === 'reconnects') {
            client.close();
            devices[device] = open(device);
            if (device === 0 && devices[0]) watch(devices[0]);
          }
        };
        for (const [i, each] of actions.entries()) {
          // two at a time, in no order; what is refused was for a message or a membership that had gone
          const done = act(each).catch(() => undefined);
          if (i % 2 === 1) await done;
        }
        await anna.rest.post(`/rooms/${roomId}/join`);
        const wrong = async (): Promise<string[]> => {
          const { items } = await anna.rest.get<Items<Thread>>('/threads?limit=100');
          const found = (
            await Promise.all(devices.map((client) => differences(seenBy(client), anna)))
          ).flat();
          const compare = (what: string, shown: unknown, is: unknown): void => {
            if (!isDeepStrictEqual(plain(shown), is))
              found.push(`${what}: ${JSON.stringify(shown)}\n  and not ${JSON.stringify(is)}`);
          };
          for (const [i, client] of devices.entries())
            compare(`threads of ${i}`, client.threads.get().items, items);
          for (const root of roots) {
            const { thread, messages, pending, status } = devices[0]!
              .room(roomId)
              .thread(root)
              .timeline.get();
            const fresh = await anna.rest
              .get<Thread>(`/rooms/${roomId}/threads/${root}`)
              .catch(() => undefined);
            if (!fresh) continue;
            const page = await anna.rest.get<Messages>(`/rooms/${roomId}/threads/${root}/messages?limit=100`);
            compare(
              `thread ${root}`,
              // what she sent when she was no member stays, as refused
              {
                ...{ status, thread, messages },
                pending: pending.filter(({ error }) => error?.code !== 'not_a_member'),
              },
              {
                ...{ status: 'ready', thread: fresh, messages: page.items.reverse(), pending: [] },
              },
            );
          }
          return found;
        };
        await eventually(async () => (await wrong()).length === 0, { within: 20_000 }).catch(async () =>
          expect(await wrong()).toEqual([]),
        );
        const log = await anna.log(roomId);
        const { items } = await anna.rest.get<Items<Thread>>('/threads?limit=100');
        for (const { roomId: of, threadSeq, readSeq, unread, root } of items) {
          if (of !== roomId) continue;
          const left = log.filter(
            (e) => e.type === 'message.created' && e.threadSeq === threadSeq && !e.deletedAt,
          );
          expect(root.thread?.replies).toBe(left.length);
          expect(unread).toBe(left.filter((e) => e.seq > readSeq && e.actorId !== anna.id).length);
        }
      } finally {
        for (const client of devices) client.close();
      }
    }),
    { numRuns: 6, interruptAfterTimeLimit: 60_000, endOnFailure: true },
  );
}, 150_000);
